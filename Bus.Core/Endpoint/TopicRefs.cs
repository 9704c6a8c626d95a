using Bus.Core.Client;

namespace Bus.Core.Endpoint;

/// <summary>The actor references to topics that one facade has given out. Thread-safe.</summary>
internal sealed class TopicRefs(ActorSystem system)
{
    private static readonly TimeSpan MaxDrain = TimeSpan.FromDays(1);
    private static long _lastNumber;

    private readonly Lock _lock = new();
    private readonly HashSet<IActorRef> _open = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly string _prefix = $"{BusSystem.RootName}-topic-{Interlocked.Increment(ref _lastNumber)}-";
    private IActorRef? _guard;
    private int _count;
    private bool _closed;

    /// <summary>From then on nothing that is published waits for room.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <exception cref="BusClosedException">The bus is closed, or closes.</exception>
    public IActorRef Open(TopicRefSetup setup)
    {
        lock (_lock)
        {
            if (_closed) throw Closed.Error(setup.Topic);
            _guard ??= StartGuard();
            var reference = system.ActorOf(Props.Create(() => new TopicRefActor(setup)), $"{_prefix}{++_count}");
            _open.Add(reference);
            return reference;
        }
    }

    public void Started(IActorRef reference)
    {
        lock (_lock) _open.Add(reference);
    }

    public void Stopped(IActorRef reference)
    {
        lock (_lock) _open.Remove(reference);
    }

    /// <summary>Stops them behind what they were told before; publishing it may take as long as there has to be waited for room.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) => StopAllAsync(MaxDrain).WaitAsync(cancellationToken);

    /// <summary>Stops them behind what they were told before, as far as there is room for it.</summary>
    public async Task CloseAsync(TimeSpan timeout)
    {
        IActorRef? guard;
        lock (_lock) (_closed, guard) = (true, _guard);
        if (guard is null) return;
        await _closing.CancelAsync();
        await StopAllAsync(timeout);
        // Behind the dead letters of those that have stopped.
        await guard.GracefulStop(timeout);
    }

    private IActorRef StartGuard()
    {
        var prefix = _prefix;
        var guard = system.ActorOf(Props.Create(() => new TopicRefGuard(prefix)), $"{prefix}guard");
        // Not in its PreStart: a reference may have come and gone before that has its turn.
        system.EventStream.Subscribe(guard, typeof(DeadLetter));
        return guard;
    }

    private Task<bool[]> StopAllAsync(TimeSpan timeout)
    {
        IActorRef[] open;
        lock (_lock) open = [.. _open];
        return Task.WhenAll(open.Select(reference => reference.GracefulStop(timeout, CloseTopicRef.Instance)));
    }
}

/// <summary>Answers what is asked of a reference that has stopped, so that nobody waits for what cannot come.</summary>
internal sealed class TopicRefGuard(string prefix) : UntypedActor
{
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        if (message is not DeadLetter letter || !Askers.IsAsker(letter.Sender) || !letter.Recipient.Path.Name.StartsWith(prefix, StringComparison.Ordinal)) return;
        letter.Sender.Tell(new Status.Failure(new BusClosedException("The reference to the topic has stopped, by itself or with its bus: open another one.")), ActorRefs.NoSender);
    }
}
