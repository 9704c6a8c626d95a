using Bus.Core.Buffers;
using Bus.Core.Client;
using Microsoft.Extensions.Logging;

namespace Bus.Core.Endpoint;

/// <summary>
/// What a facade and its endpoint actor share besides messages: the window, the state of the connection, and the way to
/// the user's event handlers. Thread-safe.
/// </summary>
internal sealed class EndpointLink(string name, long window, TimeProvider time, ILoggerFactory loggers, BusState initial = BusState.Connecting) : IDisposable
{
    /// <summary>Bytes allowed in a message until the other side says otherwise.</summary>
    public const int DefaultMaxPayload = 1024 * 1024;

    private readonly SerialEvents _events = new(loggers.CreateLogger<EndpointLink>());
    private readonly Lock _lock = new();
    private volatile BusState _state = initial;
    private volatile int _maxPayload = DefaultMaxPayload;
    private long _dropped;
    private long _refused;
    private long _losses;
    private volatile bool _isReachable = initial == BusState.Connected;

    /// <summary>The timeout of requests that name none.</summary>
    public TimeSpan RequestTimeout { get; init; } = RequestOptions.DefaultTimeout;

    /// <summary>Bytes of answers that are kept for later calls.</summary>
    public long MaxCachedBytes { get; init; }

    /// <summary>Where the bytes of what is published come from.</summary>
    public SlabPool Slabs { get; init; } = SlabPool.Shared;

    /// <summary>Gives those who listen at the moment; they are called on the pool, one call at a time. Set by the facade.</summary>
    public Func<Action<BusStateChangedEventArgs>?>? StateListeners { get; set; }

    /// <summary>Called on the pool, one call at a time. Set by the facade.</summary>
    public Action<BusNoticeEventArgs>? Noticed { get; set; }

    public string Name => name;

    public ILogger Log { get; } = loggers.CreateLogger<EndpointLink>();

    public CreditWindow Window { get; } = new(window, time);

    public BusState State => _state;

    /// <summary>Why it was closed at once. Null: it was not, or without a reason.</summary>
    public string? CloseReason { get; set; }

    /// <summary>Whether there is a connection, also while the bus drains.</summary>
    public bool IsReachable => _isReachable;

    /// <summary>What may be kept while there is no connection. Null in process, where there always is one.</summary>
    public OfflineBudget? Offline { get; init; }

    /// <summary>Messages that were dropped while there was no connection.</summary>
    public long DroppedMessages => Volatile.Read(ref _dropped);

    /// <summary>Messages that the bus did not publish.</summary>
    public long RefusedMessages => Volatile.Read(ref _refused);

    /// <summary>How often the connection was lost.</summary>
    public long Losses => Volatile.Read(ref _losses);

    /// <summary>
    /// Whether those who publish while they consume do not wait for room. In process they must not, for the room may be
    /// taken by their own backlog; over a socket sending and receiving are independent.
    /// </summary>
    public bool ExemptsConsumers { get; init; }

    /// <summary>Bytes allowed for headers and payload of one message.</summary>
    public int MaxPayload
    {
        get => _maxPayload;
        set => _maxPayload = value;
    }

    public void ChangeState(BusState state, Exception? reason = null)
    {
        lock (_lock)
        {
            var previous = _state;
            if (state == BusState.Reconnecting && _isReachable) _losses++;
            if (state is not BusState.Draining) _isReachable = state == BusState.Connected;
            if (previous == state || previous == BusState.Closed || (previous == BusState.Draining && state != BusState.Closed)) return;
            _state = state;
            // Those who listen now: who comes later must not hear of what was before.
            if (StateListeners?.Invoke() is not { } listener) return;
            var change = new BusStateChangedEventArgs(previous, state, reason);
            _events.Raise(() => listener(change));
        }
    }

    public void Notice(BusNoticeKind kind, string text, string? topic = null, long count = 0) => Notice(new BusNoticeEventArgs(kind, text, topic) { Count = count });

    public void Notice(BusNoticeEventArgs notice)
    {
        if (Noticed is not { } listener) return;
        _events.Raise(() => listener(notice));
    }

    /// <summary>A message was dropped while there was no connection.</summary>
    public void Dropped(string topic, string text)
    {
        Interlocked.Increment(ref _dropped);
        Notice(BusNoticeKind.MessageDropped, text, topic);
    }

    public BusClosedException ClosedError(string? topic) => Closed.Error(topic, CloseReason);

    /// <summary>The bus did not publish a message.</summary>
    public void Refused(string topic, string reason)
    {
        Interlocked.Increment(ref _refused);
        var to = Addressee.Of(topic);
        Notice(BusNoticeKind.NotPublished, $"{to.Message} was not published: {reason}", to.Topic);
    }

    public void Dispose() => Window.Dispose();
}
