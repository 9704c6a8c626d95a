namespace Bus.Core.Client;

/// <summary>Whether a bus can be reached.</summary>
public enum BusState
{
    /// <summary>Nothing was asked of it yet: it connects with the first call (<c>BusClientOptions.ConnectOnUse</c>).</summary>
    Idle,

    /// <summary>The first connection is being made. What is asked of the bus meanwhile takes effect in that order when there is one.</summary>
    Connecting,

    /// <summary>All is well.</summary>
    Connected,

    /// <summary>
    /// The connection was lost and is being made anew. What is published waits in a bounded queue, and so do requests, within their
    /// timeout; those that were under way have failed with a <see cref="ConnectionLostException"/>.
    /// </summary>
    Reconnecting,

    /// <summary><see cref="IBus.DrainAsync"/> was called: the handlers finish what has arrived.</summary>
    Draining,

    /// <summary>Closed for good, by its owner or because reconnecting was given up.</summary>
    Closed,
}

/// <summary>Says how <see cref="IBus.State"/> changed.</summary>
/// <param name="previous">The state before.</param>
/// <param name="current">The state now.</param>
/// <param name="reason">The error that caused it, if one did.</param>
public sealed class BusStateChangedEventArgs(BusState previous, BusState current, Exception? reason = null) : EventArgs
{
    /// <summary>The state before.</summary>
    public BusState Previous { get; } = previous;

    /// <summary>The state now.</summary>
    public BusState Current { get; } = current;

    /// <summary>The error that caused the change. Null when it was wanted.</summary>
    public Exception? Reason { get; } = reason;
}

/// <summary>What <see cref="IBus.Noticed"/> is about.</summary>
public enum BusNoticeKind
{
    /// <summary>
    /// A reply came after its request had timed out or had been cancelled, or an answer within 10 seconds of the deadline of its survey. It was dropped. The topic
    /// is what was asked, if it is one of the last thousand requests that ended without a reply.
    /// </summary>
    LateReply,

    /// <summary>The server sent an error line (<c>-ERR</c>).</summary>
    ServerError,

    /// <summary>Messages were lost: the connection broke with them in the send buffer.</summary>
    MessagesLost,

    /// <summary>
    /// The server said that it is about to stop (lame duck mode), and perhaps when it will be back (<see cref="BusNoticeEventArgs.ComeBack"/>). What it has confirmed by then arrives.
    /// </summary>
    LameDuck,

    /// <summary>A message was dropped because it waited for a connection for too long, or too many did.</summary>
    MessageDropped,

    /// <summary>
    /// A message was not published: its topic does not take it (<see cref="TopicPolicy"/>), or it was told to the actor reference of a topic and is too large, say, or the bus is closed.
    /// </summary>
    NotPublished,

    /// <summary>
    /// A subscription of this bus has dropped messages, because its consumer is slower than what arrives. Raised at most once a second
    /// for each subscription, with the number of messages (<see cref="BusNoticeEventArgs.Count"/>); the topic is what it subscribes to.
    /// </summary>
    SlowConsumer,

    /// <summary>
    /// The bus has closed the connection because this process reads more slowly than what arrives (<c>-ERR 'Slow Consumer'</c>). The connection is made anew; what was sent meanwhile is lost. A
    /// subscription that cannot keep up can drop messages instead (<see cref="SubscriptionOptions.WhenFull"/>).
    /// </summary>
    TooSlow,
}

/// <summary>Something that happened on the bus outside of any call.</summary>
/// <param name="kind">What it is about.</param>
/// <param name="text">The same in words, for a log.</param>
/// <param name="topic">The topic, where there is one.</param>
public sealed class BusNoticeEventArgs(BusNoticeKind kind, string text, string? topic = null) : EventArgs
{
    /// <summary>What it is about.</summary>
    public BusNoticeKind Kind { get; } = kind;

    /// <summary>The same in words, for a log.</summary>
    public string Text { get; } = text;

    /// <summary>The topic, where there is one.</summary>
    public string? Topic { get; } = topic;

    /// <summary>How many messages it is about. Zero where it is not about messages, or about all of them.</summary>
    public long Count { get; init; }

    /// <summary>
    /// With <see cref="BusNoticeKind.LameDuck"/>: in how much time the bus is back; the client connects again then. <see cref="Timeout.InfiniteTimeSpan"/>: it does not come back, and the
    /// client closes for good. Null: it has not said.
    /// </summary>
    public TimeSpan? ComeBack { get; init; }
}
