using Bus.Core.Buffers;
using Bus.Transport.Connections;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Transport.Connections;

public sealed class OutboundBufferTests
{
    [Fact]
    public void What_is_appended_is_sent_once_and_in_order_whatever_is_sent_meanwhile()
    {
        // Positive: append that many bytes. Negative: append a slice of a foreign slab. Zero: begin or end a send.
        var steps = Gen.Choose(-20_000, 20_000).Or(Gen.Constant(0)).Or(Gen.Choose(1, 60)).NonEmptyListOf();
        Prop.ForAll(steps.ToArbitrary(), list =>
        {
            var pool = new SlabPool();
            var buffer = new OutboundBuffer(pool);
            var (written, sent) = (new List<byte>(), new List<byte>());
            byte next = 0;
            foreach (var step in list)
            {
                if (step > 0) buffer.Append(Fill(step, ref next, written));
                else if (step < 0) AppendSlice(pool, buffer, Fill(-step, ref next, written));
                else Toggle(buffer, sent);
            }

            while (!buffer.IsEmpty || buffer.IsSending) Toggle(buffer, sent);
            return written.SequenceEqual(sent) && pool.Outstanding == 0;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_buffer_that_is_cleared_gives_every_slab_back()
    {
        var pool = new SlabPool(poison: true);
        var buffer = new OutboundBuffer(pool);
        buffer.Append(new byte[100_000]);
        AppendSlice(pool, buffer, new byte[50_000]);

        buffer.Clear();

        Assert.Equal(0, pool.Outstanding);
        Assert.True(buffer.IsEmpty);
    }

    [Fact]
    public void An_empty_buffer_holds_no_memory()
    {
        var pool = new SlabPool(poison: true);
        var buffer = new OutboundBuffer(pool);
        buffer.Append("PONG\r\n"u8);
        Assert.Equal(1, pool.Outstanding);

        buffer.BeginSend();
        buffer.Sent();

        Assert.Equal(0, pool.Outstanding);
    }

    private static byte[] Fill(int count, ref byte next, List<byte> written)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++) bytes[i] = next++;
        written.AddRange(bytes);
        return bytes;
    }

    private static void AppendSlice(SlabPool pool, OutboundBuffer buffer, byte[] bytes)
    {
        var slab = pool.Rent(bytes.Length + 10);
        bytes.CopyTo(slab.Bytes, 10);
        buffer.AppendSlice(slab, 10, bytes.Length);
        slab.Release();
    }

    private static void Toggle(OutboundBuffer buffer, List<byte> sent)
    {
        if (buffer.IsSending) buffer.Sent();
        else foreach (var piece in buffer.BeginSend()) sent.AddRange(piece);
    }
}
