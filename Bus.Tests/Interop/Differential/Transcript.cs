namespace Bus.Tests.Interop.Differential;

/// <summary>What one connection sends in one write. After it, every connection is flushed.</summary>
/// <param name="Connection">The connection's name; it is opened when it is first used.</param>
/// <param name="Bytes">The bytes, one character each.</param>
/// <param name="Pings">PINGs among them.</param>
/// <param name="IsHalf">The bytes end in the middle of a frame, so that nothing can be flushed behind them.</param>
internal sealed record Step(string Connection, string Bytes, int Pings = 0, bool IsHalf = false);

/// <summary>A conversation that is held with both servers.</summary>
internal sealed record Transcript(string Name, params Step[] Steps)
{
    /// <summary>The CONNECT of connections that are not in <see cref="Connects"/>.</summary>
    public const string UsualConnect = """{"verbose":false,"pedantic":false,"headers":true,"no_responders":true}""";

    /// <summary>The JSON of CONNECT by connection; empty: it sends none.</summary>
    public IReadOnlyDictionary<string, string> Connects { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>NATS promises no order between the messages of a step: they are compared sorted.</summary>
    public bool AnyOrder { get; init; }

    /// <summary>Which member of a queue group gets a message is open: messages are compared without connection and sid.</summary>
    public bool AnyMember { get; init; }

    /// <summary>
    /// What comes, to this connection, when the bus finds out, which may be behind the PONG of what caused it. The
    /// conversation ends when it is there, and is compared as a whole, without order.
    /// </summary>
    public (string Connection, string Text)? Late { get; init; }

    /// <summary>Why our answer is another one on purpose. Null: the answers are the same.</summary>
    public string? WhyDifferent { get; init; }

    /// <summary>Our answer where it is another one.</summary>
    public string Ours { get; init; } = "";

    public override string ToString() => Name;
}
