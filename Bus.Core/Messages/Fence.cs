namespace Bus.Core.Messages;

/// <summary>
/// "Everything sent before is done." A producer tells it to its own endpoint actor first, then to every topic actor it
/// published to since its last fence; each passes it on to the endpoint, behind the deliveries it made. The endpoint
/// answers the PING (or completes the flush) when all are back, in the order in which the fences were started.
/// </summary>
internal sealed class Fence(IActorRef endpoint, int hops, object? tag = null)
{
    private int _left = hops;

    /// <summary>The actor that waits for the fence.</summary>
    public IActorRef Endpoint { get; } = endpoint;

    /// <summary>What the endpoint needs to answer: nothing for a PING, a reply ref for a flush.</summary>
    public object? Tag { get; } = tag;

    /// <summary>Set by the endpoint in its own turn when it sees the fence for the first time.</summary>
    public bool IsStarted { get; set; }

    public bool IsDone => _left == 0;

    /// <summary>One hop came back. Called by the endpoint in its own turn.</summary>
    public void Return() => _left--;
}
