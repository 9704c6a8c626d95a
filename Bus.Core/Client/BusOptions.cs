using Bus.Core.Messages;

namespace Bus.Core.Client;

/// <summary>How one message is published.</summary>
public sealed record PublishOptions
{
    /// <summary>Sent along with the payload. Default: none.</summary>
    public BusHeaders? Headers { get; init; }

    /// <summary>Where a reply is expected. Default: nowhere.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>
    /// Keep the message as the last value of its topic: who subscribes later gets it at once, before later messages of that topic and marked by
    /// <see cref="BusMessage.IsRetained"/>. A message with an empty payload clears the value. Publishing then waits for the confirmation, and fails with a
    /// <see cref="BusRefusedException"/> when the bus has no room. Queue groups get no kept values. Default: no.
    /// </summary>
    public bool Retain { get; init; }

    /// <summary>What happens when the bus has no room for the message. Default: publishing waits.</summary>
    public PublishOverflow WhenFull { get; init; }

    /// <summary>It is an answer: what the request asks for. Null: it is none, or there is no choice.</summary>
    internal ReplyFormat? ReplyFormat { get; init; }
}

/// <summary>How one request is sent.</summary>
public sealed record RequestOptions
{
    /// <summary>The timeout of requests that name none, on a bus that names none: 5 seconds.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long to wait for the reply: more than zero and at most a day, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for no limit; the request still ends when
    /// nobody responds, or the responder, the connection or the bus goes away. Default: null, as the bus has it, which is 5 seconds unless its options say otherwise.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Sent along with the payload. Default: none.</summary>
    public BusHeaders? Headers { get; init; }

    /// <summary>
    /// Whether it fails at once with a <see cref="NotConnectedException"/> while there is no connection. Default: false, it waits for
    /// the connection within its timeout.
    /// </summary>
    public bool FailFast { get; init; }

    /// <summary>
    /// Whether it does no harm when it is carried out although the reply is lost. Such a request is sent again, within its timeout,
    /// when the connection or the responder was lost, instead of failing. It carries an id (header <c>Nats-Msg-Id</c>), by which
    /// a responder does not handle it twice (<see cref="SubscriptionOptions.DuplicateWindow"/>). After such a loss, and when it was made while there was no connection, it also
    /// waits for a responder that is not back yet. Default: false.
    /// </summary>
    public bool SafeToRetry { get; init; }

    /// <summary>The id of the call of a service that it is, by which it can be cancelled. Null: it is a request like any other.</summary>
    internal string? CallId { get; init; }
}

/// <summary>How one subscription behaves.</summary>
public sealed record SubscriptionOptions
{
    /// <summary>The queue group: of all its members, one gets each message. Default: none, every message is received.</summary>
    public string? Queue { get; init; }

    /// <summary>The subscription ends by itself after this many messages, dropped ones included. Default: 0, never.</summary>
    public long MaxMessages { get; init; }

    /// <summary>Messages buffered for the handler or the enumeration; beyond it, <see cref="WhenFull"/> decides. Default: 1,024.</summary>
    public int Capacity { get; init; } = 1024;

    /// <summary>
    /// What becomes of a message for which there is no room. What is dropped is counted (<see cref="ISubscription.Dropped"/>) and told
    /// (<see cref="BusNoticeKind.SlowConsumer"/>); dropped requests fail at once at the requester. An actor that subscribes has no buffer,
    /// so nothing is ever dropped for it. Default: <see cref="SubscriptionOverflow.Block"/>, publishers are slowed down.
    /// </summary>
    public SubscriptionOverflow WhenFull { get; init; }

    /// <summary>
    /// With <see cref="SubscriptionOverflow.Block"/>: how long the consumer may take nothing at all while the buffer is full. Then what does not fit is dropped and counted
    /// (<see cref="ISubscription.Dropped"/>) until it goes on, so that a stuck handler holds up nobody else. Default: 2 seconds.
    /// </summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// For responders: how long the answer to a request with an id (<see cref="RequestOptions.SafeToRetry"/>) is remembered. If the same
    /// request of the same caller comes again meanwhile, it gets the same answer and is not handled twice by this responder; the members of a
    /// queue group know nothing of one another's. Default: 2 minutes. Zero: nothing is remembered.
    /// </summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>For responders: answers that are remembered at most, and at most 16 MiB of them; beyond it the oldest is forgotten before its time. Default: 10,000.</summary>
    public int MaxRemembered { get; init; } = 10_000;

    /// <summary>For responders: what a requester is told of an exception that the handler threw. Default: its message.</summary>
    public ErrorDetail ErrorDetail { get; init; }

    /// <summary>What runs around the handler, outermost first. Only a subscription with a handler can have some. Default: nothing.</summary>
    public IReadOnlyList<BusMiddleware> Use { get; init; } = [];

    /// <summary>What happens when the handler throws. Default: it is restarted, as often as it takes.</summary>
    public FailurePolicy OnFailure { get; init; } = FailurePolicy.Restart;
}

/// <summary>What supervision does with a handler that threw.</summary>
public enum FailureAction
{
    /// <summary>Go on with the next message.</summary>
    Resume,

    /// <summary>Restart the handler's actor, then go on with the next message.</summary>
    Restart,

    /// <summary>End the subscription; <see cref="ISubscription.Completion"/> faults with the exception.</summary>
    Stop,

    /// <summary>The fault goes up: all subscriptions of this bus end.</summary>
    Escalate,
}

/// <summary>The failure policy of a subscription. The message that failed is never handled again.</summary>
public sealed record FailurePolicy
{
    /// <summary>Go on with the next message.</summary>
    public static readonly FailurePolicy Resume = new() { Action = FailureAction.Resume };

    /// <summary>Restart, without a limit.</summary>
    public static readonly FailurePolicy Restart = new() { Action = FailureAction.Restart };

    /// <summary>End the subscription at the first failure.</summary>
    public static readonly FailurePolicy Stop = new() { Action = FailureAction.Stop };

    /// <summary>End all subscriptions of the bus at the first failure.</summary>
    public static readonly FailurePolicy Escalate = new() { Action = FailureAction.Escalate };

    /// <summary>What to do. Default: restart.</summary>
    public FailureAction Action { get; init; } = FailureAction.Restart;

    /// <summary>With <see cref="FailureAction.Restart"/>: at most this many restarts within <see cref="Within"/>, then the subscription ends. Default: null, no limit.</summary>
    public int? MaxRestarts { get; init; }

    /// <summary>The time span that <see cref="MaxRestarts"/> counts in. Default: 1 minute.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Restarts at most <paramref name="maxRestarts"/> times within <paramref name="within"/>, then ends the subscription.</summary>
    public static FailurePolicy RestartAtMost(int maxRestarts, TimeSpan within) => new() { MaxRestarts = maxRestarts, Within = within };
}
