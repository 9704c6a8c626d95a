using System.Globalization;
using Bus.Core.Routing;

namespace Bus.Transport.Nats;

/// <summary>
/// An error line about one subscription. A NATS client knows what is refused by the beginning of the line, and closes that subscription; then comes a text for people, and
/// at the end, for our own clients, the error and the sid.
/// </summary>
/// <param name="Sid">Which subscription.</param>
/// <param name="Error">The symbolic name of the error.</param>
/// <param name="Text">What went wrong, for a person.</param>
internal sealed record SubscriptionError(long Sid, string Error, string Text)
{
    /// <summary>No error of the subscription: messages for it were dropped; the text is how many.</summary>
    public const string MessagesDropped = "messages-dropped";

    private const string TextStart = "\": ";
    private const string TailStart = " (";
    private const string SidStart = ", sid ";

    // Beyond this a line could be longer than a reader takes.
    private const int MaxText = 512;

    /// <summary>The line for a subscription that was refused, or ended by the bus.</summary>
    public static NatsError Refused(string filter, string? queue, string sid, TopicRefusal refusal) => Line(NatsErrors.SubscribePermission(filter, queue).Text, refusal.Text, refusal.Error, sid);

    /// <summary>The line for messages that were dropped, for our own clients alone: others would take it for a reason to close.</summary>
    public static NatsError Dropped(string filter, string sid, long count) => Line($"Messages Dropped for Subscription to \"{filter}\"", count.ToString(CultureInfo.InvariantCulture), MessagesDropped, sid);

    /// <summary>Reads a line.</summary>
    /// <returns>Null: it is not about a subscription that it names.</returns>
    public static SubscriptionError? Read(string line)
    {
        // A filter holds no blank, so the first of these is behind it.
        var (text, tail, number) = (line.IndexOf(TextStart, StringComparison.Ordinal) + TextStart.Length, line.LastIndexOf(TailStart, StringComparison.Ordinal), line.LastIndexOf(SidStart, StringComparison.Ordinal));
        if (text < TextStart.Length || tail < text || number < tail || !line.EndsWith(')')) return null;
        return long.TryParse(line.AsSpan()[(number + SidStart.Length)..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var sid) ? new SubscriptionError(sid, line[(tail + TailStart.Length)..number], line[text..tail]) : null;
    }

    private static NatsError Line(string about, string text, string error, string sid) =>
        new($"{about}: {(text.Length <= MaxText ? text : text[..MaxText])}{TailStart}{error}{SidStart}{sid})", closes: false);
}
