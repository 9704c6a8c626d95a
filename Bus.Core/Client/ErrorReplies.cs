using System.Globalization;
using System.Text;
using Bus.Core.Messages;

namespace Bus.Core.Client;

/// <summary>Replies that say that something went wrong.</summary>
internal static class ErrorReplies
{
    /// <summary>The error that a reply carries, or null.</summary>
    public static RemoteErrorException? Read(BusMessage reply, string topic)
    {
        if (!reply.HasHeaders) return null;
        var headers = reply.Headers;
        if (!headers.TryGetValue(ErrorHeaders.Text, out var text) && !headers.Contains(ErrorHeaders.Code)) return null;
        var code = int.TryParse(headers[ErrorHeaders.Code], NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 500;
        return new RemoteErrorException(topic, text.Length > 0 ? text : "it gave no text", code, headers[ErrorHeaders.Error], DetailOf(reply), isOfBus: reply.Status > 0) { Headers = headers };
    }

    private static string? DetailOf(BusMessage reply)
    {
        try
        {
            return reply.Payload.IsEmpty ? null : Encoding.UTF8.GetString(reply.Payload.Span);
        }
        catch (BusException)
        {
            // That the request failed is worth more than that the detail of it cannot be decompressed.
            return null;
        }
    }
}
