using Bus.Core.Messages;
using Bus.Core.Routing;

namespace Bus.Core.Topics;

/// <summary>Told to a topic actor: these are its subscribers now, and those who are new get what was kept before they get anything else.</summary>
internal sealed record Welcome(SubscriberSet Subscribers, IReadOnlyList<Subscriber> Newcomers, IReadOnlyList<RetainedValue> Values);

/// <summary>Who is new in one publication of the topic manager, while anything is retained.</summary>
internal sealed class Newcomers
{
    private readonly RetainedStore _retained;
    private readonly Dictionary<TopicRecord, List<Subscriber>> _byFilter = [];

    private Newcomers(TopicTable table, RetainedStore retained)
    {
        _retained = retained;
        foreach (var (subscriber, _) in table.Waiting)
        {
            // One that has left again has no place; a queue group shares messages, and what was kept is no message that one of them should take from the others.
            if (subscriber.Slot < 0 || subscriber.Queue is not null || !table.Records.TryGetValue(subscriber.Utf8Filter, out var record)) continue;
            if (!_byFilter.TryGetValue(record, out var members)) _byFilter.Add(record, members = []);
            members.Add(subscriber);
        }
    }

    /// <returns>Null, the usual case: nothing is retained.</returns>
    public static Newcomers? Of(TopicTable table, RetainedStore retained) => retained.Count == 0 || table.Waiting.Count == 0 ? null : new Newcomers(table, retained);

    /// <returns>Null: nobody is new, or there is nothing to welcome them with.</returns>
    public Welcome? For(TopicRecord record, SubscriberSet set) =>
        _byFilter.TryGetValue(record, out var members) && _retained.Matching(record.Filter) is { Count: > 0 } values ? new Welcome(set, members, values) : null;
}
