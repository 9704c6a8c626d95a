using Bus.Transport.Nats;

namespace Bus.Transport.JsonLines;

/// <summary>What the error lines of the bus mean to a client of JSON lines.</summary>
internal static class JsonServerErrors
{
    /// <summary>What the refusal of a subscription begins with; its filter follows, in quotes.</summary>
    private const string SubscribeTo = "Permissions Violation for Subscription to \"";

    /// <summary>The errors that end the connection. Those that name something begin so.</summary>
    private static readonly (string Text, string Code, string Explained)[] Ends =
    [
        (NatsErrors.SlowConsumer.Text, "slow-consumer", "You do not read what the bus sends as fast as it has to be sent."),
        (NatsErrors.StaleConnection.Text, "stale", "You have not answered the bus's pings, or not read for too long."),
        (NatsErrors.NotAllowed, "not-authorized", ""),
        (NatsErrors.AuthenticationFailed.Text, "auth-failed", "The check of who you are failed. Try again; the log of the bus says why."),
        (NatsErrors.AuthenticationTimeout.Text, "connect-timeout", "You have said nothing, or were not let in, within the time for it. Begin with an operation."),
        (NatsErrors.MaximumControlLineExceeded.Text, "line-too-long", "The line is longer than the bus allows."),
        (NatsErrors.MaximumPayloadViolation.Text, "payload-too-large", "The message is larger than the bus allows."),
        (NatsErrors.MaximumConnectionsExceeded.Text, "too-many-connections", "The bus has as many connections as it may. Try again later."),
        (NatsErrors.InvalidClientName.Text, "bad-name", "The name cannot be one."),
        (NatsErrors.NameTaken, "name-taken", "The name is somebody else's: "),
        (NatsErrors.NameTakenOver, "name-taken-over", "Somebody else has the name now: "),
    ];

    /// <summary>The error that a line of the bus stands for.</summary>
    /// <param name="text">What stands between its quotes.</param>
    /// <param name="closes">Whether the bus closes the connection behind it.</param>
    public static JsonFault Read(string text, out bool closes)
    {
        foreach (var (begin, code, explained) in Ends)
        {
            if (!text.StartsWith(begin, StringComparison.Ordinal)) continue;
            closes = true;
            var rest = text[begin.Length..];
            // The reason, if the bus gives one.
            if (explained.Length == 0) return new JsonFault(code, rest.StartsWith(": ", StringComparison.Ordinal) ? rest[2..] : "The bus does not let you in: give a valid token, or user and password, with 'connect', as the first line.");
            return new JsonFault(code, explained.EndsWith(' ') ? explained + rest : explained);
        }

        closes = !IsRefusal(text);
        if (IsPublish(text, out _, out var code1, out var reason)) return new JsonFault(code1, reason);
        return new JsonFault(closes ? "failed" : "not-permitted", text);
    }

    /// <summary>Whether a line refuses a message.</summary>
    /// <param name="text">The line.</param>
    /// <param name="topic">Where the message was to go.</param>
    /// <param name="code">The error.</param>
    /// <param name="reason">Why, for people.</param>
    public static bool IsPublish(string text, out string topic, out string code, out string reason)
    {
        (topic, code, reason) = ("", "not-permitted", "");
        if (!text.StartsWith(NatsErrors.PublishTo + "\"", StringComparison.Ordinal)) return false;
        var rest = text[(NatsErrors.PublishTo.Length + 1)..];
        // A topic holds no blank, so the first of these is behind it.
        var end = rest.IndexOf("\": ", StringComparison.Ordinal);
        var error = rest.LastIndexOf(" (", StringComparison.Ordinal);
        topic = end < 0 ? rest.TrimEnd('"') : rest[..end];
        reason = $"The message to '{topic}' was not published: it belongs to the bus, or has headers that only the bus sets.";
        if (end < 0 || error <= end || !rest.EndsWith(')')) return true;
        code = rest[(error + 2)..^1];
        reason = $"The message to '{topic}' was not published: {rest[(end + 3)..error]}";
        return true;
    }

    /// <summary>Whether a line refuses a subscription, without saying which.</summary>
    public static bool IsSubscription(string text, out string filter)
    {
        filter = "";
        if (!text.StartsWith(SubscribeTo, StringComparison.Ordinal)) return false;
        var rest = text[SubscribeTo.Length..];
        var end = rest.IndexOf('"', StringComparison.Ordinal);
        filter = end < 0 ? rest : rest[..end];
        return true;
    }

    private static bool IsRefusal(string text) =>
        text.StartsWith("Permissions Violation", StringComparison.Ordinal) || text == NatsErrors.InvalidSubject.Text || text == NatsErrors.InvalidPublishSubject.Text || text == NatsErrors.MaximumSubscriptionsExceeded.Text;
}
