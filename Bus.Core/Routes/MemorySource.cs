using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Routes;

/// <summary>A request that comes over no bus.</summary>
internal sealed class MemorySource(BusMessage message) : RouteSource(message, caller: null)
{
    public RouteAnswer? Answer { get; private set; }

    public override ValueTask SendAsync<T>(T value, BusHeaders headers, CancellationToken cancellationToken)
    {
        Answer = new RouteAnswer(new BusMessage<T>(Message.Topic, value, headers));
        return default;
    }

    public override ValueTask FailAsync(string text, int code, string? error, string? detail, BusHeaders headers, CancellationToken cancellationToken)
    {
        Answer = new RouteAnswer(new RemoteErrorException(text, code, error, detail) { Headers = headers });
        return default;
    }
}
