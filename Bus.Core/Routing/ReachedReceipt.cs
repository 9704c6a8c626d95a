using System.Buffers.Text;
using Bus.Core.Messages;

namespace Bus.Core.Routing;

/// <summary>Tells the publisher of a confirmed message how many subscriptions it was handed to: <c>{"reached":n}</c> on its reply-to.</summary>
internal sealed class ReachedReceipt(int batches, Router router, IBatchProducer producer, byte[] replyTo) : Receipt(batches)
{
    private static ReadOnlySpan<byte> Start => "{\"reached\":"u8;

    public static void Send(Router router, IBatchProducer producer, ReadOnlySpan<byte> replyTo, int reached, Action<TopicRoute>? told = null)
    {
        Span<byte> payload = stackalloc byte[32];
        Start.CopyTo(payload);
        Utf8Formatter.TryFormat(reached, payload[Start.Length..], out var digits);
        payload[Start.Length + digits] = (byte)'}';
        StatusMessage.Answer(router, producer, replyTo, headers: default, payload[..(Start.Length + digits + 1)], told);
    }

    protected override void Answer(int reached) => Send(router, producer, replyTo, reached);
}
