using System.Text;

namespace Bus.Core;

/// <summary>
/// The topics of the bus itself, all below <c>$BUS.</c>. A filter that begins with a wildcard does not match them. A client may publish to those that
/// ask something of the bus, and subscribe to those on which the bus tells something; all else is refused. All members are thread-safe.
/// </summary>
public static class SystemTopics
{
    /// <summary>Matches every broadcast.</summary>
    public const string Broadcasts = "$BUS.ALL.>";

    /// <summary>Matches what the bus tells of itself: who joins and who leaves, and more as the bus grows.</summary>
    public const string Events = "$BUS.EVENT.*.*";

    /// <summary>A request here is answered with everybody who is on the bus, as JSON; one on <c>$BUS.CLIENTS.name</c> with one of them.</summary>
    public const string Clients = "$BUS.CLIENTS";

    /// <summary>A request here, with a filter or nothing as the payload, is answered with what is retained, as JSON; one on <c>$BUS.RETAINED.topic</c> with the value of a topic.</summary>
    public const string Retained = "$BUS.RETAINED";

    /// <summary>A request here is answered with the round trip to everybody who is on the bus, as JSON.</summary>
    public const string Ping = "$BUS.PING";

    /// <summary>A request here is answered with what the bus has at the moment, as JSON: <see cref="BusStatistics"/>.</summary>
    public const string Statistics = "$BUS.STATS";

    /// <summary>A request here, with a filter or nothing as the payload, is answered with the topics that are declared, as JSON.</summary>
    public const string ListTopics = "$BUS.TOPICS.LIST";

    /// <summary>A request here declares a topic: the payload is its name, or <c>{"name":...,"policy":{...}}</c>.</summary>
    public const string CreateTopic = "$BUS.TOPICS.CREATE";

    /// <summary>A request here, with its name as the payload, deletes a topic.</summary>
    public const string DeleteTopic = "$BUS.TOPICS.DELETE";

    /// <summary>A request here, with the name of a service or nothing as the payload, is answered with the instances of services that are on the bus, as JSON.</summary>
    public const string Services = "$BUS.SERVICES";

    /// <summary>The longest name of a client, in characters.</summary>
    public const int MaxNameLength = 128;

    /// <summary>Every request about declared topics.</summary>
    internal const string Topics = "$BUS.TOPICS.*";

    internal const string Inbox = "$BUS.TO.";

    /// <summary>A queue group whose name begins so is none: who is in it listens in, and counts as nobody who gets a message. A NATS server sees a group of one.</summary>
    internal const string Tap = "$BUS.TAP.";

    /// <summary>A request here is passed on to the inbox of the client that is named behind it, or answered with an error.</summary>
    internal const string Send = "$BUS.SEND.";

    /// <summary>As <see cref="Send"/>, but with the reply-to: whoever handles the message answers, not the bus.</summary>
    internal const string Deliver = "$BUS.DELIVER.";

    /// <summary>A request here is passed on to the method of a service that is named behind it, or answered with an error.</summary>
    internal const string Call = "$BUS.CALL.";

    internal const string Broadcast = "$BUS.ALL.";

    private const string Confirmed = "$BUS.PUB.";
    private const string Retain = "$BUS.RETAIN.";
    private const string Survey = "$BUS.SURVEY.";

    // By their second token. What is not here belongs to the bus.
    private static readonly byte[][] Publishable = ["TO"u8.ToArray(), "ALL"u8.ToArray(), "CLIENTS"u8.ToArray(), "RETAINED"u8.ToArray(), "SEND"u8.ToArray(), "DELIVER"u8.ToArray(), "PING"u8.ToArray(), "STATS"u8.ToArray(), "TOPICS"u8.ToArray(), "SERVICES"u8.ToArray(), "CALL"u8.ToArray()];
    private static readonly byte[][] Carrying = ["TO"u8.ToArray(), "ALL"u8.ToArray(), "SEND"u8.ToArray(), "DELIVER"u8.ToArray(), "CALL"u8.ToArray()];
    private static readonly byte[][] Subscribable = ["ALL"u8.ToArray(), "EVENT"u8.ToArray()];

    /// <summary>Published by a client as its last word: it leaves of its own accord.</summary>
    internal static ReadOnlySpan<byte> Bye => "$BUS.BYE"u8;

    /// <summary>Published by a client that drops a request which the bus sent to it, with the reply-to of the request: nobody is to wait for it.</summary>
    internal static ReadOnlySpan<byte> Decline => "$BUS.DECLINE"u8;

    private static ReadOnlySpan<byte> Prefix => "$BUS."u8;

    private static ReadOnlySpan<byte> ConfirmedPrefix => "$BUS.PUB."u8;

    private static ReadOnlySpan<byte> SurveyPrefix => "$BUS.SURVEY."u8;

    private static ReadOnlySpan<byte> RetainPrefix => "$BUS.RETAIN."u8;

    /// <summary>The topic on which a client gets what is sent to it by name. Below it, <c>$BUS.TO.name.more</c>, are its own too; nobody else can subscribe to them.</summary>
    /// <param name="name">The client's name.</param>
    /// <exception cref="ArgumentException">It is no name that a client can have.</exception>
    public static string InboxOf(string name) => Inbox + ValidateName(name);

    /// <summary>The topic that carries a broadcast.</summary>
    /// <param name="topic">What it is about, such as <c>news.sport</c>.</param>
    /// <exception cref="ArgumentException">The topic is not valid.</exception>
    public static string BroadcastOf(string topic) => Broadcast + Topic.Validate(topic);

    /// <summary>
    /// Where to publish a message that the bus is to confirm: it is routed as <paramref name="topic"/>, in order with what the same client publishes
    /// otherwise and without its reply-to, which gets <c>{"reached":n}</c>, the number of subscriptions that it was handed to.
    /// </summary>
    /// <param name="topic">The topic that subscribers see.</param>
    /// <exception cref="ArgumentException">The topic is not valid, or belongs to the bus.</exception>
    public static string ConfirmedOf(string topic) => Confirmed + ValidateTopic(topic);

    /// <summary>
    /// Where to publish a question to everybody who subscribes to <paramref name="topic"/>: it is routed there with its reply-to, which gets the answers and, with
    /// the header <c>Bus-Reached</c>, the number of subscriptions that the question was handed to.
    /// </summary>
    /// <param name="topic">The topic that subscribers see.</param>
    /// <exception cref="ArgumentException">The topic is not valid, or belongs to the bus.</exception>
    public static string SurveyOf(string topic) => Survey + ValidateTopic(topic);

    /// <summary>
    /// Where to publish a message that is to be kept as the last value of its topic: as with <see cref="ConfirmedOf"/>, and whoever subscribes later gets it at once, with the
    /// header <c>Bus-Retained</c>. An empty payload clears the value.
    /// </summary>
    /// <param name="topic">The topic that subscribers see.</param>
    /// <exception cref="ArgumentException">The topic is not valid, or belongs to the bus.</exception>
    public static string RetainOf(string topic) => IsReserved(Encoding.UTF8.GetBytes(Topic.Validate(topic)))
        ? throw new ArgumentException($"The topic '{topic}' belongs to the bus itself, which keeps no values for it: choose one that does not begin with '$BUS.'.", nameof(topic))
        : Retain + topic;

    /// <summary>Checks the name of a client: one token of a topic, without a comma.</summary>
    /// <returns>The name, unchanged.</returns>
    /// <exception cref="ArgumentException">It is not valid; the message says why.</exception>
    public static string ValidateName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0) throw new ArgumentException("The name of a client is empty: it needs a character at least.", nameof(name));
        if (name.Length > MaxNameLength) throw new ArgumentException($"The client name that begins with '{name[..40]}' has {name.Length} characters; at most {MaxNameLength} are allowed.", nameof(name));
        if (!IsValidName(name)) throw new ArgumentException($"'{name}' cannot be the name of a client: white space, control characters, dots, commas, '*' and '>' are not allowed in it, because it becomes a token of a topic.", nameof(name));
        return name;
    }

    internal static string RetainedOf(string topic) => $"{Retained}.{Topic.Validate(topic)}";

    internal static string ClientOf(string name) => $"{Clients}.{name}";

    internal static string SendTo(string name, string? topic) => Send + ValidateName(name) + (topic is null ? "" : $".{Topic.Validate(topic)}");

    internal static string DeliverTo(string name, string? topic) => Deliver + ValidateName(name) + (topic is null ? "" : $".{Topic.Validate(topic)}");

    /// <summary>What a client subscribes to for all that is meant for it.</summary>
    internal static string[] InboxFilters(string name) => [InboxOf(name), $"{InboxOf(name)}.>", Broadcasts];

    internal static bool IsPresence(string topic) => topic.StartsWith("$BUS.EVENT.JOIN.", StringComparison.Ordinal) || topic.StartsWith("$BUS.EVENT.LEAVE.", StringComparison.Ordinal);

    internal static string ServiceUpOf(string service) => $"$BUS.EVENT.SERVICE-UP.{service}";

    internal static string ServiceDownOf(string service) => $"$BUS.EVENT.SERVICE-DOWN.{service}";

    internal static bool IsServiceEvent(string topic) => topic.StartsWith("$BUS.EVENT.SERVICE-", StringComparison.Ordinal);

    /// <summary>Where a client publishes what is to be published on this topic when its connection ends without having been closed.</summary>
    internal static string WillOf(string topic) => $"$BUS.WILL.{topic}";

    /// <summary>Whether a client publishes its last will.</summary>
    /// <param name="topic">Where it publishes.</param>
    /// <param name="target">Where the bus is to publish later. Empty: it takes its will back.</param>
    internal static bool IsWill(ReadOnlySpan<byte> topic, out ReadOnlySpan<byte> target)
    {
        target = default;
        if (topic.StartsWith("$BUS.WILL."u8)) target = topic["$BUS.WILL.".Length..];
        else return topic.SequenceEqual("$BUS.WILL"u8);
        return true;
    }

    internal static bool IsBroadcast(ReadOnlySpan<byte> filter) => filter.StartsWith("$BUS.ALL."u8);

    internal static bool IsInbox(ReadOnlySpan<byte> topic) => topic.StartsWith("$BUS.TO."u8);

    /// <summary>Whether one of the filters is for what is sent to a client by name.</summary>
    internal static bool IsInbox(IEnumerable<string> filters) => filters.Any(filter => filter.StartsWith(Inbox, StringComparison.Ordinal));

    internal static string JoinOf(string name) => $"$BUS.EVENT.JOIN.{name}";

    internal static string LeaveOf(string name) => $"$BUS.EVENT.LEAVE.{name}";

    internal static bool IsValidName(string name) =>
        name.Length is > 0 and <= MaxNameLength && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c) || c is '.' or ',' or '*' or '>' or '\'' or '"');

    /// <summary>Whether it belongs to the bus, as a topic or as a filter.</summary>
    internal static bool IsReserved(ReadOnlySpan<byte> topic) => topic.StartsWith(Prefix);

    /// <summary>Whether it is there without having been declared, always: what belongs to the bus, where replies go, and how services are found.</summary>
    internal static bool IsUndeclarable(ReadOnlySpan<byte> topic) => IsReserved(topic) || topic.StartsWith("_INBOX."u8) || topic.StartsWith("$SRV."u8);

    /// <summary>Whether a client may publish to a topic.</summary>
    internal static bool MayPublish(ReadOnlySpan<byte> topic)
    {
        // What stands behind the prefix is what the message is routed as, and no second prefix.
        if (IsRetain(topic)) return !IsReserved(RoutedAs(topic)) && Topic.IsValidLiteral(RoutedAs(topic));
        if (IsConfirmed(topic)) topic = RoutedAs(topic);
        return !IsReserved(topic) || Contains(Publishable, SecondToken(topic));
    }

    /// <summary>Whether what is published there is for other clients. If not, the bus itself reads it.</summary>
    internal static bool CarriesPayload(ReadOnlySpan<byte> topic)
    {
        var routed = RoutedAs(topic);
        return !IsReserved(routed) || Contains(Carrying, SecondToken(routed));
    }

    /// <summary>Whether a message that is published there is to be confirmed.</summary>
    internal static bool IsConfirmed(ReadOnlySpan<byte> topic) => IsSurvey(topic) || (topic.Length > ConfirmedPrefix.Length && topic.StartsWith(ConfirmedPrefix));

    /// <summary>Whether a message that is published there also keeps its reply-to.</summary>
    internal static bool IsSurvey(ReadOnlySpan<byte> topic) => topic.Length > SurveyPrefix.Length && topic.StartsWith(SurveyPrefix);

    /// <summary>The topic that subscribers see of what is published to one.</summary>
    internal static ReadOnlySpan<byte> RoutedAs(ReadOnlySpan<byte> topic)
    {
        if (IsSurvey(topic)) return topic[SurveyPrefix.Length..];
        if (IsConfirmed(topic)) return topic[ConfirmedPrefix.Length..];
        return IsRetain(topic) ? topic[RetainPrefix.Length..] : topic;
    }

    /// <summary>Whether a message that is published there is to be kept.</summary>
    internal static bool IsRetain(ReadOnlySpan<byte> topic) => topic.Length > RetainPrefix.Length && topic.StartsWith(RetainPrefix);

    /// <summary>Whether a member of a queue group only listens in.</summary>
    internal static bool IsTap(string? queue) => queue is not null && queue.StartsWith(Tap, StringComparison.Ordinal);

    /// <summary>Whether a client may subscribe to a filter.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="name">The client's name; null while it has none.</param>
    /// <param name="queue">The queue group. Nobody can take a broadcast away from others, or share what is sent to one; a tap does neither.</param>
    internal static bool MaySubscribe(ReadOnlySpan<byte> filter, string? name, string? queue)
    {
        if (!IsReserved(filter)) return true;
        if (queue is not null && !IsTap(queue)) return false;
        return Contains(Subscribable, SecondToken(filter)) || IsOwnInbox(filter, name);
    }

    /// <summary>Checks a topic that is published to, or where a reply is expected.</summary>
    /// <returns>The topic, unchanged.</returns>
    /// <exception cref="ArgumentException">It is not valid, or belongs to the bus.</exception>
    internal static string ValidateTopic(string topic)
    {
        Topic.Validate(topic);
        return topic[0] != '$' || MayPublish(Encoding.UTF8.GetBytes(topic))
            ? topic
            : throw new ArgumentException($"The topic '{topic}' belongs to the bus itself: choose one that does not begin with '$BUS.'.", nameof(topic));
    }

    /// <summary>Checks a filter that a client subscribes to.</summary>
    /// <exception cref="ArgumentException">It belongs to the bus.</exception>
    internal static void ValidateFilter(string filter, string name, string? queue)
    {
        if (filter[0] != '$' || MaySubscribe(Encoding.UTF8.GetBytes(filter), name, queue)) return;
        throw new ArgumentException(
            queue is null
                ? $"The filter '{filter}' belongs to the bus itself, which does not let clients subscribe to it. A client may subscribe to its own inbox ('{Inbox}{name}'), to '{Broadcasts}' and to '$BUS.EVENT.>'."
                : $"The filter '{filter}' belongs to the bus itself and cannot be shared by a queue group: leave out '{queue}'.",
            nameof(filter));
    }

    private static bool IsOwnInbox(ReadOnlySpan<byte> filter, string? name)
    {
        if (name is null || !IsInbox(filter)) return false;
        var own = filter["$BUS.TO.".Length..];
        var dot = own.IndexOf((byte)'.');
        return (dot < 0 ? own : own[..dot]).SequenceEqual(Encoding.UTF8.GetBytes(name));
    }

    private static ReadOnlySpan<byte> SecondToken(ReadOnlySpan<byte> topic)
    {
        var rest = topic[Prefix.Length..];
        var dot = rest.IndexOf((byte)'.');
        return dot < 0 ? rest : rest[..dot];
    }

    private static bool Contains(byte[][] tokens, ReadOnlySpan<byte> token)
    {
        foreach (var known in tokens)
        {
            if (token.SequenceEqual(known)) return true;
        }

        return false;
    }
}
