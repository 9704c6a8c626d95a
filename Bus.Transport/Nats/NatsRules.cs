namespace Bus.Transport.Nats;

/// <summary>What a parser accepts: the verbs of one direction, and limits on everything that the peer controls. Immutable; one per listener or client.</summary>
internal sealed class NatsRules
{
    /// <summary>nats-server's default limit for the arguments of a line, in bytes.</summary>
    public const int DefaultMaxControlLine = 4096;

    /// <summary>nats-server's default limit for header block and payload, in bytes.</summary>
    public const int DefaultMaxPayload = 1024 * 1024;

    // The INFO of a large cluster lists every server; this leaves room for thousands.
    private const int ServerMaxControlLine = 1024 * 1024;

    // The most that nats-server can be configured for.
    private const int ServerMaxPayload = 64 * 1024 * 1024;

    private readonly uint _accepted;

    private NatsRules(int maxControlLine, int maxPayload, params ReadOnlySpan<NatsOp> accepted)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxControlLine);
        ArgumentOutOfRangeException.ThrowIfNegative(maxPayload);
        MaxControlLine = maxControlLine;
        MaxPayload = maxPayload;
        foreach (var op in accepted) _accepted |= 1u << (int)op;
    }

    /// <summary>Bytes allowed behind the verb and its separator, without the line's end.</summary>
    public int MaxControlLine { get; }

    /// <summary>Bytes allowed for header block and payload together.</summary>
    public int MaxPayload { get; }

    /// <summary>Server side: what clients send. +OK and -ERR are in it because nats-server tolerates the one and closes on the other without an answer.</summary>
    public static NatsRules FromClient(int maxControlLine = DefaultMaxControlLine, int maxPayload = DefaultMaxPayload) =>
        new(maxControlLine, maxPayload, NatsOp.Connect, NatsOp.Pub, NatsOp.HPub, NatsOp.Sub, NatsOp.Unsub, NatsOp.Ping, NatsOp.Pong, NatsOp.Ok, NatsOp.Err);

    /// <summary>Client side: what servers send. The limits only guard against a peer that is no NATS server at all.</summary>
    public static NatsRules FromServer(int maxControlLine = ServerMaxControlLine, int maxPayload = ServerMaxPayload) =>
        new(maxControlLine, maxPayload, NatsOp.Info, NatsOp.Msg, NatsOp.HMsg, NatsOp.Ping, NatsOp.Pong, NatsOp.Ok, NatsOp.Err);

    public bool Accepts(NatsOp op) => (_accepted & (1u << (int)op)) != 0;
}
