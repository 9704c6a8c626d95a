using System.IO.Pipes;
using System.Net.Sockets;

namespace Bus.Transport.Channels;

/// <summary>Sends pieces over a named pipe one after the other: pipes have no gather write. A send that had to wait costs a task.</summary>
internal sealed class PipeSender(PipeStream stream, Action<SocketError> completed) : IChannelSender
{
    public SocketError? Send(List<ArraySegment<byte>> pieces)
    {
        var sending = WriteAsync(pieces);
        if (sending.IsCompletedSuccessfully) return sending.Result;
        _ = CompleteAsync(sending);
        return null;
    }

    public void Dispose()
    {
        // The stream is the channel's.
    }

    private async ValueTask<SocketError> WriteAsync(List<ArraySegment<byte>> pieces)
    {
        try
        {
            // By index: the list belongs to somebody who reads its count meanwhile.
            for (var i = 0; i < pieces.Count; i++) await stream.WriteAsync(pieces[i]);
            return SocketError.Success;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            return (e.InnerException as SocketException)?.SocketErrorCode ?? SocketError.ConnectionReset;
        }
    }

    private async Task CompleteAsync(ValueTask<SocketError> sending) => completed(await sending);
}
