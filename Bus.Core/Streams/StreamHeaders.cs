using System.Globalization;
using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Streams;

/// <summary>How a stream travels: see docs/streams.md.</summary>
internal static class StreamHeaders
{
    /// <summary>What the message is: one of the kinds below.</summary>
    public const string Kind = "Bus-Stream";

    /// <summary>The number of an item, from 1; of an end, the one behind that of the last item.</summary>
    public const string Number = "Bus-Stream-Number";

    /// <summary>How many items may be sent in all, from the beginning.</summary>
    public const string Items = "Bus-Stream-Items";

    /// <summary>How many bytes of payload.</summary>
    public const string Bytes = "Bus-Stream-Bytes";

    /// <summary>Where the messages of the other side go. On a call and on the answer by which it is taken on.</summary>
    public const string Inbox = "Bus-Stream-Inbox";

    /// <summary>The name on the bus of who has taken the call on: when it leaves, nothing more comes.</summary>
    public const string Peer = "Bus-Stream-Peer";

    /// <summary>Asks for a stream, and says that the call is taken on.</summary>
    public const string Open = "open";

    /// <summary>An item.</summary>
    public const string Item = "item";

    /// <summary>There are no more, or an error instead.</summary>
    public const string End = "end";

    /// <summary>The reader allows more.</summary>
    public const string Credit = "credit";

    /// <summary>The reader wants no more.</summary>
    public const string Stop = "stop";

    /// <summary>Means nothing: if nobody gets it, the sender hears that.</summary>
    public const string Ping = "ping";

    /// <summary>A message to oneself: what the other side has sent before it was gone has come by now.</summary>
    public const string Gone = "gone";

    public static string Write(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <returns>Null: there is none, or it makes no sense.</returns>
    public static long? Read(BusHeaders headers, string name) => long.TryParse(headers[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Adds what the other side has to know to begin.</summary>
    public static BusHeaders Begin(BusHeaders? given, string inbox, (long Items, long Bytes) credit)
    {
        var headers = new BusHeaders();
        foreach (var (name, value) in given ?? []) headers.Add(name, value);
        (headers[Kind], headers[Inbox], headers[Items], headers[Bytes]) = (Open, inbox, Write(credit.Items), Write(credit.Bytes));
        return headers;
    }

    /// <summary>Whether the other side may want its messages there.</summary>
    public static bool IsInbox(string topic) => topic.StartsWith("_INBOX.", StringComparison.Ordinal) && Topic.IsValid(topic);

    /// <summary>Whether a message begins a stream.</summary>
    public static bool IsOpen(BusMessage message) => message.HasHeaders && message.Headers[Kind] == Open;
}
