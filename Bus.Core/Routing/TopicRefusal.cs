using System.Globalization;
using System.Text;

namespace Bus.Core.Routing;

/// <summary>Why something may not be done with a topic.</summary>
/// <param name="Error">A symbolic name for programs: the header Bus-Error.</param>
/// <param name="Code">A number as in HTTP.</param>
/// <param name="Text">For people. Goes into error lines, which quote with ': it has none itself.</param>
internal sealed record TopicRefusal(string Error, int Code, string Text)
{
    /// <summary>Only declared topics may be used, and this is none.</summary>
    public const string Undeclared = "topic-undeclared";

    /// <summary>The topic has as many subscribers as it may.</summary>
    public const string Full = "topic-full";

    /// <summary>The topic was deleted.</summary>
    public const string Deleted = "topic-deleted";

    /// <summary>The message is larger than the topic allows.</summary>
    public const string TooLarge = "payload-too-large";

    /// <summary>The topic is declared already, with another policy.</summary>
    public const string Exists = "topic-exists";

    /// <summary>Another declared topic has topics in common with it.</summary>
    public const string Overlaps = "topic-overlaps";

    /// <summary>As many topics are declared as may be.</summary>
    public const string TooMany = "topics-full";

    /// <summary>No topic of this name is declared.</summary>
    public const string Unknown = "topic-unknown";

    /// <summary>Who asks may not declare or delete topics.</summary>
    public const string Forbidden = "topics-forbidden";

    /// <summary>The topic is there as long as the bus.</summary>
    public const string Fixed = "topic-fixed";

    /// <summary>Too many declare and delete topics at this moment.</summary>
    public const string Busy = "busy";

    public static readonly TopicRefusal MayNotChange = new(Forbidden, 403, "This bus does not let you declare or delete topics: whoever runs it decides about that.");

    public static readonly TopicRefusal TooManyAtOnce = new(Busy, 429, "Too many requests about topics are waiting: try again in a moment.");

    public static readonly TopicRefusal NotDeclared = new(Undeclared, 404, "No such topic is declared, and on this bus only declared topics can be used: declare it ($BUS.TOPICS.CREATE).");

    public static TopicRefusal HasAll(TopicRule rule) =>
        new(Full, 409, string.Create(CultureInfo.InvariantCulture, $"The topic \"{rule.Name}\" has {Plural.Of(rule.Subscribers, "subscription")}, which is all it may have."));

    public static TopicRefusal IsTooLarge(TopicRule rule, int size) =>
        new(TooLarge, 413, string.Create(CultureInfo.InvariantCulture, $"The message has {Plural.Of(size, "byte")}; the topic \"{rule.Name}\" allows {rule.Policy.MaxPayload:N0}."));

    public static TopicRefusal IsDeclared(TopicRule rule) => new(Exists, 409, $"The topic \"{rule.Name}\" is declared already, with another policy: delete it first.");

    public static TopicRefusal IsFixed(TopicRule rule) => new(Fixed, 403, $"The topic \"{rule.Name}\" is one that the bus was started with: it stays as long as the bus.");

    public static TopicRefusal IsUnknown(ReadOnlySpan<byte> name) => new(Unknown, 404, $"No topic \"{Encoding.UTF8.GetString(name)}\" is declared.");

    public static TopicRefusal WasDeleted(TopicRule rule) => new(Deleted, 410, $"The topic \"{rule.Name}\" was deleted.");
}
