using Bus.Core.Messages;
using Bus.Core.Routing;

namespace Bus.Core.Topics;

/// <summary>
/// Told to a topic actor: these are its subscribers now, and those who are new get what was kept before they get anything else. They count as registered when they
/// have been told it, so that their next PONG comes behind it.
/// </summary>
internal sealed record Welcome(SubscriberSet Subscribers, IReadOnlyList<(Subscriber Subscriber, IRegistrationWaiter Waiter)> Newcomers, IReadOnlyList<RetainedValue> Values) : IUndeliverable
{
    public void Done()
    {
        foreach (var (subscriber, waiter) in Newcomers) waiter.Registered(subscriber);
    }

    /// <summary>The topic actor has stopped: nobody must wait for it.</summary>
    void IUndeliverable.Undelivered() => Done();
}

/// <summary>Who is new in one publication of the topic manager, while anything is retained.</summary>
internal sealed class Newcomers
{
    private readonly RetainedStore _retained;
    private readonly Dictionary<TopicRecord, List<(Subscriber Subscriber, IRegistrationWaiter Waiter)>> _byFilter = [];
    private readonly HashSet<Subscriber> _welcomed = [];

    private Newcomers(TopicTable table, RetainedStore retained)
    {
        _retained = retained;
        foreach (var (subscriber, waiter) in table.Waiting)
        {
            // One that has left again has no place; a queue group shares messages, and what was kept is no message that one of them should take from the others.
            if (subscriber.Slot < 0 || subscriber.Queue is not null || !table.Records.TryGetValue(subscriber.Utf8Filter, out var record)) continue;
            if (!_byFilter.TryGetValue(record, out var members)) _byFilter.Add(record, members = []);
            members.Add((subscriber, waiter));
        }
    }

    /// <returns>Null, the usual case: nothing is retained.</returns>
    public static Newcomers? Of(TopicTable table, RetainedStore retained) => retained.Count == 0 || table.Waiting.Count == 0 ? null : new Newcomers(table, retained);

    /// <summary>Whether a welcome was made for it, which tells its waiter.</summary>
    public bool IsWelcomed(Subscriber subscriber) => _welcomed.Contains(subscriber);

    /// <returns>Null: nobody is new, or there is nothing to welcome them with.</returns>
    public Welcome? For(TopicRecord record, SubscriberSet set)
    {
        if (!_byFilter.TryGetValue(record, out var members) || _retained.Matching(record.Filter) is not { Count: > 0 } values) return null;
        foreach (var (subscriber, _) in members) _welcomed.Add(subscriber);
        return new Welcome(set, members, values);
    }
}
