using Bus.Core.Messages;

namespace Bus.Core.Client;

/// <summary>How a message is delivered that somebody is to handle.</summary>
public sealed record DeliverOptions
{
    /// <summary>To a client by name: what it is about, as with <see cref="SendOptions.Topic"/>. Default: none.</summary>
    public string? Topic { get; init; }

    /// <summary>Sent along with the payload. Default: none.</summary>
    public BusHeaders? Headers { get; init; }

    /// <summary>How long the handler may take, with the way there and back. Default: null, as for requests (<see cref="RequestOptions.Timeout"/>).</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// Whether it is sent again, within its timeout, when a connection is lost before the confirmation, instead of failing. The receiver knows it by its id and does not handle it
    /// twice within its <see cref="SubscriptionOptions.DuplicateWindow"/>, and may itself come back later than this client; what another receiver, or the same program after a restart, has handled is not known. Default: false.
    /// </summary>
    public bool SafeToRetry { get; init; }

    internal RequestOptions ToRequest(bool mark) => new() { Headers = mark ? Mark() : Headers, Timeout = Timeout, SafeToRetry = SafeToRetry };

    private BusHeaders Mark()
    {
        var marked = new BusHeaders();
        foreach (var (name, value) in Headers ?? []) marked.Add(name, value);
        marked[SystemHeaders.Confirm] = SystemHeaders.WhenHandled;
        return marked;
    }
}
