using Bus.Transport.Nats;

namespace Bus.Transport.Connections;

/// <summary>Limits on what one connection may do to the bus. Immutable; the defaults suit the processes of one machine.</summary>
public sealed record ConnectionOptions
{
    /// <summary>The most that <see cref="MaxPayload"/> can be: 64 MiB.</summary>
    public const int LargestMaxPayload = 64 * 1024 * 1024;

    /// <summary>Connections at the same time, over all endpoints. Default 65,536.</summary>
    public int MaxConnections { get; init; } = 65_536;

    /// <summary>Largest message (headers and payload) in bytes. Default 1 MiB, as nats-server.</summary>
    public int MaxPayload { get; init; } = NatsRules.DefaultMaxPayload;

    /// <summary>Longest line of the protocol in bytes. Default 4,096, as nats-server.</summary>
    public int MaxControlLine { get; init; } = NatsRules.DefaultMaxControlLine;

    /// <summary>Longest line of JSON in bytes, of a client that speaks JSON lines. Default: null, twice <see cref="MaxPayload"/> and 64 KiB, which as a rule has room for a payload of that size.</summary>
    public int? MaxJsonLine { get; init; }

    /// <summary>Subscriptions of one connection. Default 1,000,000.</summary>
    public int MaxSubscriptions { get; init; } = 1_000_000;

    /// <summary>
    /// Bytes that may wait to be sent to one connection. Default 16 MiB. Above three quarters of it the connection holds
    /// its producers back, for at most <see cref="StallBudget"/>; after that it counts as a slow consumer and is closed.
    /// </summary>
    public long MaxPending { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long a slow connection may hold its producers back within <see cref="StallWindow"/>. Default 2 s.</summary>
    public TimeSpan StallBudget { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The time over which <see cref="StallBudget"/> counts. Default 10 s.</summary>
    public TimeSpan StallWindow { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Bytes that one connection may have on their way to others before it is not read from any more. Default 1 MiB.
    /// </summary>
    public long PublishWindow { get; init; } = 1024 * 1024;

    /// <summary>How often the bus asks a silent connection whether it is there (PING). Default 2 minutes.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How many PINGs may stay unanswered before the connection is closed as stale. Default 2. A client that dies without closing its socket, or freezes, is so found
    /// within (this + 2) times <see cref="PingInterval"/>: it may have spoken at the begin of the first interval, and the last PING has one to be answered.
    /// </summary>
    public int MaxPingsOut { get; init; } = 2;

    /// <summary>
    /// Decides who may take part: called once for each connection, at its CONNECT, on a thread of the pool; nothing that the client sends is looked at before it has answered. If
    /// it throws, or takes longer than <see cref="ConnectTimeout"/> (then its token is cancelled), the client is not let in, and may try again. Default: null, whoever can connect.
    /// </summary>
    public Func<ConnectRequest, CancellationToken, ValueTask<ConnectDecision>>? Authenticate { get; init; }

    /// <summary>
    /// Gives a name to a client that has none of its own (a plain NATS client) by the number of its connection; one token of a topic. If it cannot be a
    /// name, or this throws, that is logged and the client has the default; if somebody has it, the default with something random behind it. Called on threads of the bus: it must not
    /// block. Default: null, <c>client-7</c>.
    /// </summary>
    public Func<long, string>? GenerateName { get; init; }

    /// <summary>How long a connection may take to send CONNECT, and how long <see cref="Authenticate"/> may take from then on. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection that is being closed may take to read what is left for it, the error above all. Default 1 s.</summary>
    public TimeSpan CloseGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>When the bus stops: how long it waits until what it has heard is passed on, before its connections close. For tests that hold something up.</summary>
    internal TimeSpan IntakeGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Checks that the limits make sense together.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range; the message names it and the range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxConnections);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxPayload);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxPayload, LargestMaxPayload);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxControlLine, 512);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxJsonLine ?? 512, 512, nameof(MaxJsonLine));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxSubscriptions);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPending, 2L * MaxPayload);
        ArgumentOutOfRangeException.ThrowIfNegative(StallBudget.Ticks, nameof(StallBudget));
        ArgumentOutOfRangeException.ThrowIfLessThan(StallWindow, StallBudget);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PublishWindow);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PingInterval.Ticks, nameof(PingInterval));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxPingsOut);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ConnectTimeout.Ticks, nameof(ConnectTimeout));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(CloseGrace.Ticks, nameof(CloseGrace));
    }
}
