namespace Bus.Core.Messages;

/// <summary>The headers by which a call context travels.</summary>
internal static class CallHeaders
{
    /// <summary>The id of the outermost call: the same in all that it leads to.</summary>
    public const string Root = "Bus-Root";

    /// <summary>The services that the call has gone through, outermost first, with commas between them; without the one that gets it.</summary>
    public const string Chain = "Bus-Chain";

    /// <summary>When the answer is too late, in milliseconds since 1970 (UTC).</summary>
    public const string Deadline = "Bus-Deadline";

    /// <summary>The id of this call, by which its caller can cancel it.</summary>
    public const string Call = "Bus-Call";

    /// <summary>The name of the caller on the bus: when it leaves, nobody waits for the answer.</summary>
    public const string Caller = "Bus-Caller";

    /// <summary>W3C trace context.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>W3C trace context.</summary>
    public const string TraceState = "tracestate";
}
