// Step 1 of the data path: receive. One long-lived loop per socket reads into a pooled, ref-counted slab.
// Next: Nats/NatsParser.cs (step 2), called by ClientSession.cs for every complete frame of a read.

using System.Net.Sockets;

namespace Bus.Transport.Connections;

/// <summary>
/// Reads one socket until it ends. After each read every complete frame is consumed before the next system call; the
/// session decides when to wait: for credit, or for a subscription that the next frame depends on.
/// </summary>
internal sealed class SocketReader(Socket socket, ReadBuffer buffer, IReaderSession session)
{
    /// <summary>Runs until the peer closes, the protocol is broken or the socket is disposed. Only a bug makes it throw.</summary>
    public async Task RunAsync()
    {
        try
        {
            var needed = 0;
            while (true)
            {
                await session.Credit.WaitAsync();
                var count = await socket.ReceiveAsync(buffer.Room(needed), SocketFlags.None);
                if (count == 0) return;
                buffer.Received(count);

                // Already known to be incomplete: a large payload is not parsed again for every piece of it.
                if (buffer.Length < needed) continue;
                SessionProgress progress;
                while ((progress = session.Consume(buffer, out needed)) == SessionProgress.MustWait) await session.Registrations.WaitAsync();
                if (progress == SessionProgress.Ended) return;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer reset the connection, or we closed it. Either way there is nothing more to read.
        }
        finally
        {
            session.End();
            buffer.Dispose();
        }
    }
}
