using Bus.Core.Client;

namespace Bus.Cli.Replying;

/// <summary>Makes a reply of a request.</summary>
internal interface IResponder
{
    /// <exception cref="RemoteErrorException">The request is answered with this error.</exception>
    ValueTask<ReadOnlyMemory<byte>> RespondAsync(BusMessage request, CancellationToken cancellationToken);
}

/// <summary>Replies with what was asked.</summary>
internal sealed class EchoResponder : IResponder
{
    public ValueTask<ReadOnlyMemory<byte>> RespondAsync(BusMessage request, CancellationToken cancellationToken) => new(request.Payload);
}
