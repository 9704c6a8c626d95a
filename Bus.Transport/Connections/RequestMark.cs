using Bus.Core.Messages;

namespace Bus.Transport.Connections;

/// <summary>Finds the header by which our clients mark a request whose loss they want to hear of.</summary>
internal static class RequestMark
{
    private static ReadOnlySpan<byte> Line => "\r\nBus-Request:"u8;

    public static bool IsOn(PublishBatch batch, int index)
    {
        ref readonly var entry = ref batch[index];
        return entry is { HasReply: true, HeaderLength: > 0, Shared: null } && batch.Headers(index).IndexOf(Line) >= 0;
    }
}
