using System.Buffers.Text;
using System.Globalization;
using Bus.Core.Messages;

namespace Bus.Core.Routing;

/// <summary>Tells the publisher of a confirmed message how many subscriptions it was handed to: <c>{"reached":n}</c> on its reply-to.</summary>
internal sealed class ReachedReceipt(int batches, Router router, IBatchProducer producer, byte[] replyTo, bool isSurvey) : Receipt(batches)
{
    private static ReadOnlySpan<byte> Start => "{\"reached\":"u8;

    public static void Send(Router router, IBatchProducer producer, ReadOnlySpan<byte> replyTo, int reached, bool isSurvey, Action<TopicRoute>? told = null)
    {
        Span<byte> payload = stackalloc byte[32];
        Start.CopyTo(payload);
        Utf8Formatter.TryFormat(reached, payload[Start.Length..], out var digits);
        payload[Start.Length + digits] = (byte)'}';
        // The reply-to of a survey gets answers too, which must not be taken for it: none of them has a status.
        var headers = isSurvey ? HeaderBlock.Encode(SystemHeaders.ReachedStatus, new BusHeaders { [SystemHeaders.Reached] = reached.ToString(CultureInfo.InvariantCulture) }) : [];
        StatusMessage.Answer(router, producer, replyTo, headers, payload[..(Start.Length + digits + 1)], told);
    }

    protected override void Answer(int reached) => Send(router, producer, replyTo, reached, isSurvey);
}
