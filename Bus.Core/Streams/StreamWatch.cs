using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Core.Messages;

namespace Bus.Core.Streams;

/// <summary>
/// The inbox of one side of a stream, and all by which it hears that the other side, or its own bus, is gone: the bus says who leaves, it answers what nobody gets, and the connection breaks.
/// Thread-safe.
/// </summary>
internal sealed class StreamWatch(BusFacade bus, string topic, string inbox, Action<Exception> fail, Action ping) : IAsyncDisposable
{
    /// <summary>The status by which the bus says that nobody got a message.</summary>
    public const int NobodyThere = 503;

    /// <summary>How long a stream may stand still while what it belongs to is drained, unless its caller says it: as long as closing waits for a handler that does not end.</summary>
    public static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(10);

    // Only a NATS server, which tells nobody who leaves, needs it; and it is not too much for streams on which nothing happens.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly HashSet<string> _left = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ISubscription? _subscription;
    private ITimer? _timer;
    private string? _peer;
    private bool _isSettled;
    private int _isGone;

    /// <summary>What the stream ends with when the other side is gone.</summary>
    public required Exception Lost { get; init; }

    /// <summary>Called at the begin of a drain of the bus, and now and then while that goes on. Null: the stream is left alone.</summary>
    public Func<Task>? Draining { get; init; }

    /// <summary>How long to wait between.</summary>
    public TimeSpan Patience { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The name of the other side on the bus, once it is known. Null: it has not said.</summary>
    public string? PeerName
    {
        get => _peer;
        set
        {
            bool hasLeft;
            lock (_left)
            {
                (_peer, _isSettled) = (value, true);
                hasLeft = value is not null && _left.Contains(value);
                _left.Clear();
            }

            if (hasLeft) PeerIsGone();
        }
    }

    public async Task StartAsync<T>(Action<BusMessage<T>> arrived, CancellationToken cancellationToken)
    {
        bus.Draining.Add(this, DrainAsync);
        bus.StateChanged += OnStateChanged;
        TopicFilters filters = [inbox, SystemTopics.LeaveOf("*")];
        _subscription = await bus.OpenSubscriptionAsync<T>(
            filters,
            (message, _) =>
            {
                arrived(message);
                return default;
            },
            options: null,
            cancellationToken);
        _ = EndWithAsync(_subscription);
        _timer = TimeProvider.System.CreateTimer(_ => Tick(), state: null, Interval, Interval);
    }

    /// <summary>Somebody has left the bus.</summary>
    public void Left(string leave)
    {
        var name = leave[(leave.LastIndexOf('.') + 1)..];
        bool isPeer;
        lock (_left)
        {
            isPeer = name == _peer;
            // Until the other side is known, it may be anybody.
            if (!_isSettled) _left.Add(name);
        }

        if (isPeer) PeerIsGone();
    }

    /// <summary>The other side is gone. Not at once: what it has sent before may be behind the news, but not behind a message that passes through the same inbox.</summary>
    public void PeerIsGone()
    {
        if (Interlocked.Exchange(ref _isGone, 1) == 0) _ = ReturnAsync();
    }

    public async ValueTask DisposeAsync()
    {
        bus.StateChanged -= OnStateChanged;
        try
        {
            if (_timer is not null) await _timer.DisposeAsync();
            if (_subscription is not null) await _subscription.DisposeAsync();
        }
        finally
        {
            bus.Draining.Remove(this);
            _over.TrySetResult();
        }
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (!_over.Task.IsCompleted)
        {
            if (Draining is not null) await Draining();
            try
            {
                await _over.Task.WaitAsync(Patience, TimeProvider.System, cancellationToken);
            }
            catch (TimeoutException)
            {
                // It is looked at again.
            }
        }
    }

    private async Task ReturnAsync()
    {
        try
        {
            await bus.PublishAsync(inbox, ReadOnlyMemory<byte>.Empty, new PublishOptions { Headers = new BusHeaders { [StreamHeaders.Kind] = StreamHeaders.Gone } });
        }
        catch (BusException)
        {
            // The bus is away too: that ends it as well.
        }
    }

    private void Tick()
    {
        // A bus without echo does not get what it sends to itself.
        if (Volatile.Read(ref _isGone) != 0) fail(Lost);
        else ping();
    }

    private void OnStateChanged(object? sender, BusStateChangedEventArgs change)
    {
        if (change.Current == BusState.Reconnecting) fail(new ConnectionLostException($"The connection broke while the stream of '{topic}' was under way. What has come of it is all; whether the other side has more is not known.", topic));
    }

    private async Task EndWithAsync(ISubscription subscription)
    {
        Exception error = new BusClosedException($"The bus was closed while the stream of '{topic}' was under way.", topic);
        try
        {
            await subscription.Completion;
        }
        catch (BusException e)
        {
            error = e;
        }

        fail(error);
    }
}
