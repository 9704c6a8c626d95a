using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Routes;

/// <summary>Where a request comes from and its answer goes to.</summary>
/// <param name="message">The request.</param>
/// <param name="caller">Who sent it, if that is known.</param>
internal abstract class RouteSource(BusMessage message, string? caller)
{
    public BusMessage Message { get; } = message;

    public string? Caller { get; } = caller;

    /// <summary>Sends the answer. When it throws, nothing was sent.</summary>
    public abstract ValueTask SendAsync<T>(T value, BusHeaders headers, CancellationToken cancellationToken);

    /// <summary>Sends an error as the answer. When it throws, nothing was sent.</summary>
    public abstract ValueTask FailAsync(string text, int code, string? error, string? detail, BusHeaders headers, CancellationToken cancellationToken);
}
