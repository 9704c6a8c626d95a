using System.IO.Pipes;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Bus.Transport.Channels;

/// <summary>A connection over a named pipe. While it waits for a byte it holds its slab: a pipe cannot wait without memory.</summary>
/// <param name="stream">The connected pipe.</param>
/// <param name="hold">Disposed behind the stream: what keeps the name from others as long as this connection lives.</param>
internal sealed partial class PipeChannel(PipeStream stream, IDisposable? hold) : BusChannel
{
    private int _isDisposed;

    public override bool HasCredentials => true;

    public override ValueTask<int> ReceiveAsync(Memory<byte> room, CancellationToken cancellationToken = default) =>
        room.IsEmpty ? default : stream.ReadAsync(room, cancellationToken);

    public override IChannelSender CreateSender(Action<SocketError> completed) => new PipeSender(stream, completed);

    public override bool TryEndSending() => false;

    public override void Refuse(ReadOnlyMemory<byte> line) => _ = RefuseAsync(line);

    public override int GetSocketOption(int level, int name, Span<byte> value)
    {
        if (OperatingSystem.IsWindows()) return 0;
        try
        {
            var length = value.Length;
            return GetSocketOption(stream.SafePipeHandle, level, name, ref MemoryMarshal.GetReference(value), ref length) == 0 ? length : 0;
        }
        catch (Exception e) when (e is ObjectDisposedException or InvalidOperationException)
        {
            return 0;
        }
    }

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        stream.Dispose();
        hold?.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "getsockopt")]
    private static partial int GetSocketOption(SafeHandle socket, int level, int name, ref byte value, ref int length);

    private async Task RefuseAsync(ReadOnlyMemory<byte> line)
    {
        try
        {
            await stream.WriteAsync(line);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The client is gone already.
        }

        Dispose();
    }
}
