using Bus.Core.Buffers;
using Bus.Transport.Connections;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Transport.Connections;

public sealed class ReadBufferTests
{
    [Fact]
    public void Bytes_come_out_as_they_went_in_even_while_batches_hold_the_slabs()
    {
        // How much a read brings, how much of it a frame takes, and whether a batch keeps the slab.
        var reads =
            from count in Gen.Choose(1, 70_000).Or(Gen.Choose(1, 300))
            from taken in Gen.Choose(0, 100)
            from held in Gen.Elements(true, false)
            select (count, taken, held);
        Prop.ForAll(reads.NonEmptyListOf().ToArbitrary(), list =>
        {
            var pool = new SlabPool();
            var (buffer, held) = (new ReadBuffer(pool), new List<(Slab Slab, int Offset, byte[] Bytes)>());
            byte next = 0, expected = 0;
            foreach (var (count, taken, keeps) in list)
            {
                var room = buffer.Room(needed: 0).Span;
                var received = Math.Min(count, room.Length);
                for (var i = 0; i < received; i++) room[i] = next++;
                buffer.Received(received);

                var take = buffer.Length * taken / 100;
                var bytes = buffer.Unparsed[..take].ToArray();
                foreach (var b in bytes)
                {
                    if (b != expected++) return false;
                }

                if (keeps)
                {
                    buffer.Slab.Retain();
                    held.Add((buffer.Slab, buffer.Start, bytes));
                }

                buffer.Consume(take);
            }

            // Nothing that a batch points at was written over.
            var intact = held.TrueForAll(h => h.Slab.Bytes.AsSpan(h.Offset, h.Bytes.Length).SequenceEqual(h.Bytes));
            foreach (var (slab, _, _) in held) slab.Release();
            buffer.Dispose();
            return intact && pool.Outstanding == 0;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_frame_of_known_length_gets_the_room_it_needs_at_once()
    {
        using var buffer = new ReadBuffer(new SlabPool());
        "PUB a 300000\r\n"u8.CopyTo(buffer.Room(0).Span);
        buffer.Received(14);

        Assert.True(buffer.Room(needed: 300_016).Length >= 300_016 - 14);
        Assert.True(buffer.Unparsed.SequenceEqual("PUB a 300000\r\n"u8));
    }

    [Fact]
    public void An_idle_connection_goes_back_to_a_small_slab()
    {
        using var buffer = new ReadBuffer(new SlabPool());
        buffer.Received(buffer.Room(0).Length);
        buffer.Consume(buffer.Length);
        Assert.Equal(SlabPool.LargeSize, buffer.Room(0).Length);

        for (var i = 0; i < 10; i++)
        {
            buffer.Room(0);
            buffer.Received(20);
            buffer.Consume(20);
        }

        buffer.Room(0);
        Assert.Equal(SlabPool.SmallSize, buffer.Slab.Bytes.Length);
    }

    [Fact]
    public void At_rest_it_holds_nothing_but_never_lets_go_of_what_is_unparsed()
    {
        var pool = new SlabPool();
        using var buffer = new ReadBuffer(pool);
        "PUB a"u8.CopyTo(buffer.Room(0).Span);
        buffer.Received(5);
        buffer.Rest();
        Assert.True(buffer.Unparsed.SequenceEqual("PUB a"u8));

        buffer.Consume(5);
        buffer.Rest();
        Assert.Equal(0, pool.Outstanding);
        Assert.Equal(SlabPool.SmallSize, buffer.Room(0).Length);
    }
}
