using Bus.Core.Buffers;

namespace Bus.Core.Endpoint;

/// <summary>
/// The way from the callers of a facade to its endpoint actor, in the order of each caller. What is published while the actor
/// has not come to it yet joins the batch that it was told last, so a stream costs one Tell for many messages. Thread-safe.
/// </summary>
/// <remarks>Measured with 128 B messages over TCP: a Tell for each message, through two actors, cost 1,000 ns of CPU a message, batches cost 410.</remarks>
internal sealed class Outbox(IActorRef endpoint, EndpointLink link)
{
    private readonly Lock _lock = new();
    private OutgoingBatch? _open;
    private bool _isStream;

    /// <summary>Sends a message that is counted in the window, which its batch leaves.</summary>
    public void Publish(OutgoingMessage message)
    {
        lock (_lock)
        {
            if (_open is null || !_open.TryAdd(message)) Begin(message);
        }

        message.Return();
    }

    /// <summary>Tells a command: behind what was published before, and ahead of what is published after.</summary>
    public void Tell(object command)
    {
        endpoint.Tell(command, ActorRefs.NoSender);
        Seal();
    }

    /// <inheritdoc cref="Tell" />
    public Task<T> AskAsync<T>(Func<IActorRef, object> command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var answer = endpoint.Ask<T>(command, timeout, cancellationToken);
        Seal();
        return answer;
    }

    /// <summary>Nothing more is added to this batch.</summary>
    public void Seal(OutgoingBatch batch)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_open, batch)) Close();
        }
    }

    /// <summary>A batch of this weight is done.</summary>
    public void Done(long weight) => link.Window.Leave(weight);

    private void Seal()
    {
        lock (_lock) Close();
    }

    private void Close()
    {
        if (_open is null) return;
        _isStream = _open.Used > SlabPool.SmallSize / 2;
        _open = null;
    }

    /// <summary>Told within the lock: a batch that another caller begins must come behind this one.</summary>
    private void Begin(OutgoingMessage message)
    {
        // Small first: most publish now and then. Who fills it is a stream and gets large ones.
        var size = _isStream || _open is not null ? SlabPool.LargeSize : SlabPool.SmallSize;
        _open = OutgoingBatch.Rent(this, link.Slabs.Rent(Math.Max(size, message.Bytes.Length)));
        _open.TryAdd(message);
        link.Window.Enter(OutgoingBatch.OwnWeight);
        endpoint.Tell(_open, ActorRefs.NoSender);
    }
}
