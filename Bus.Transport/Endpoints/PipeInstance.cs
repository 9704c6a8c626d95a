using System.IO.Pipes;

namespace Bus.Transport.Endpoints;

/// <summary>How pipes are opened, at either end: bytes in both directions, for one user only.</summary>
internal static class PipeInstance
{
    private const PipeOptions Own = PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly;

    // Windows makes every write wait for a read when a pipe has no buffer. A Unix socket has one.
    private static readonly int BufferSize = OperatingSystem.IsWindows() ? 64 * 1024 : 0;

    public static NamedPipeServerStream ToServe(BusEndpoint endpoint, bool isFirst) => new(
        SystemName(endpoint),
        PipeDirection.InOut,
        NamedPipeServerStream.MaxAllowedServerInstances,
        PipeTransmissionMode.Byte,
        isFirst ? Own | PipeOptions.FirstPipeInstance : Own,
        BufferSize,
        BufferSize);

    public static NamedPipeClientStream ToDial(BusEndpoint endpoint) => new(".", SystemName(endpoint), PipeDirection.InOut, Own);

    private static string SystemName(BusEndpoint endpoint) => endpoint.Path ?? endpoint.Pipe!.FileName;
}
