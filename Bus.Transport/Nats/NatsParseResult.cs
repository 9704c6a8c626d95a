namespace Bus.Transport.Nats;

internal enum NatsParseStatus : byte
{
    /// <summary>A whole frame is there; its <see cref="NatsFrame.Consumed"/> says where the next one starts.</summary>
    Complete,

    /// <summary>What is there is the start of a frame.</summary>
    Incomplete,

    /// <summary>No continuation makes this a frame.</summary>
    Invalid,
}

/// <summary>What <see cref="NatsParser"/> found at the start of the input. Errors are values: bad input never throws.</summary>
internal readonly struct NatsParseResult
{
    private NatsParseResult(NatsParseStatus status, int needed, NatsError? error)
    {
        Status = status;
        Needed = needed;
        Error = error;
    }

    public NatsParseStatus Status { get; }

    /// <summary>When incomplete: the bytes of the whole frame, so that room for it can be rented at once and parsing need not be tried before; 0 when not yet known.</summary>
    public int Needed { get; }

    /// <summary>When invalid: what to answer. Every error of the parser closes the connection.</summary>
    public NatsError? Error { get; }

    public static NatsParseResult Complete => default;

    public static NatsParseResult Incomplete(int needed = 0) => new(NatsParseStatus.Incomplete, needed, error: null);

    public static NatsParseResult Invalid(NatsError error) => new(NatsParseStatus.Invalid, needed: 0, error);
}
