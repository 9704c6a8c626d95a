// Step 1 of the data path: receive. One long-lived loop per connection reads into a pooled, ref-counted slab.
// Next: Nats/NatsParser.cs (step 2), called by FrameSession.cs for every complete frame of a read.

using System.Net.Sockets;
using Bus.Core;
using Bus.Core.Buffers;
using Bus.Transport.Channels;

namespace Bus.Transport.Connections;

/// <summary>
/// Reads one socket, or pipe, until it ends. After each read every complete frame is consumed before the next system call; the
/// session decides when to wait: for credit, or for a subscription that the next frame depends on.
/// </summary>
/// <remarks>
/// What came of a small read runs on this thread to the end, through topic and connection actors into the sockets: a request
/// meets its responder without a wake-up. A large one is a stream: its actors run on other threads while this one reads on,
/// many of them as one piece of work.
/// Measured on two cores: latency of a paced message 69 µs instead of 132, a stream 4.3 M/s where all on one thread gave 2.3 M/s.
/// </remarks>
internal sealed class SocketReader(BusChannel channel, ReadBuffer buffer, FrameSession session)
{
    // Bytes from which a read counts as a part of a stream: what fills the small slab.
    private const int StreamRead = SlabPool.SmallSize;

    // Reads in a row that found data waiting, before others have their turn on this thread.
    private const int ReadsInTurn = 16;

    // A connection that says something this often, in ms, this many times in a row, waits with its slab in hand. All others first wait
    // for a byte: that is two system calls more, and 4 KiB less for each idle connection.
    private const int ShortWait = 100;
    private const int ShortWaitsOfTheBusy = 16;

    /// <summary>Runs until the peer closes, the protocol is broken or the channel is disposed. Only a bug makes it throw.</summary>
    public async Task RunAsync()
    {
        try
        {
            var (needed, inTurn, shortWaits) = (0, 0, 0);
            while (true)
            {
                await session.Credit.WaitAsync();
                var waited = Environment.TickCount64;
                if (shortWaits < ShortWaitsOfTheBusy)
                {
                    buffer.Rest();
                    var waiting = buffer.Length == 0 ? channel.ReceiveAsync(Memory<byte>.Empty) : default;
                    if (!waiting.IsCompleted) inTurn = 0;
                    await waiting;
                }

                var receiving = channel.ReceiveAsync(buffer.Room(needed));
                inTurn = receiving.IsCompleted ? inTurn + 1 : 0;
                var count = await receiving;
                if (count == 0) return;
                shortWaits = Environment.TickCount64 - waited <= ShortWait ? shortWaits + 1 : 0;
                buffer.Received(count);

                // Already known to be incomplete: a large payload is not parsed again for every piece of it.
                if (buffer.Length < needed) continue;
                var isStream = count >= StreamRead;
                // A thread that serves the events of many sockets must not be kept by one that always has more.
                if (inTurn >= ReadsInTurn || (isStream && !Thread.CurrentThread.IsThreadPoolThread))
                {
                    inTurn = 0;
                    await Task.Yield();
                }

                SessionProgress progress;
                while ((progress = Consume(isStream, out needed)) == SessionProgress.MustWait)
                {
                    await session.Registrations.WaitAsync();
                    if (session.IsRefused) return;
                }

                if (progress == SessionProgress.Ended) return;
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // The peer reset the connection, or we closed it. Either way there is nothing more to read.
        }
        finally
        {
            session.End();
            buffer.Dispose();
        }
    }

    private SessionProgress Consume(bool isStream, out int needed)
    {
        using var read = BusSystem.BeginRead(isStream);
        try
        {
            return session.Consume(buffer, out needed);
        }
        finally
        {
            session.LetGo();
        }
    }
}
