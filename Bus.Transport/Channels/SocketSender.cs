// Step 7 of the data path: send. One gather write per run of the connection actor's mailbox.
// Before: Connections/ConnectionActor.cs (step 6). The end of the way: the kernel has the bytes.

using System.Net.Sockets;

namespace Bus.Transport.Channels;

/// <summary>
/// Sends pieces over a socket, one send at a time, with one reused operation. Most sends complete at once and cost no
/// message; one that has to wait calls <paramref name="completed"/> from an IO thread, which only tells the actor.
/// </summary>
internal sealed class SocketSender(Socket socket, Action<SocketError> completed) : SocketAsyncEventArgs(true), IChannelSender
{
    public SocketError? Send(List<ArraySegment<byte>> pieces)
    {
        if (pieces.Count == 1)
        {
            BufferList = null;
            SetBuffer(pieces[0].Array, pieces[0].Offset, pieces[0].Count);
        }
        else
        {
            SetBuffer(null, 0, 0);
            BufferList = pieces;
        }

        return socket.SendAsync(this) ? null : SocketError;
    }

    protected override void OnCompleted(SocketAsyncEventArgs e) => completed(SocketError);
}
