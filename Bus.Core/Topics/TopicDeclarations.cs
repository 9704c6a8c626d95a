using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.State;

namespace Bus.Core.Topics;

/// <summary>Declares and deletes topics, and lets subscribers in. In the topic manager's turn only, so that what it counts and what it ends is exact.</summary>
internal sealed class TopicDeclarations(TopicTable table, Router router, BusCounters counters)
{
    /// <summary>Lets a subscriber in, or tells why not.</summary>
    public bool TryJoin(Subscribe subscribe)
    {
        var subscriber = subscribe.Subscriber;
        if (router.Rules.Refuse(subscriber.Utf8Filter) is { } refusal)
        {
            subscribe.Waiter.Refused(subscriber, refusal);
            return false;
        }

        if (router.Rules.Covering(subscriber.Utf8Filter) is not { } rule) return true;
        rule.Subscribers++;
        subscriber.WhenSlow = rule.Policy.WhenSlow;
        return true;
    }

    /// <summary>A subscriber has left.</summary>
    public void Leave(Subscriber subscriber)
    {
        if (router.Rules.Covering(subscriber.Utf8Filter) is { } rule) rule.Subscribers--;
    }

    /// <summary>Declares a topic. Who subscribes already stays, however many these are.</summary>
    public void Declare(DeclareTopic declare)
    {
        var rule = new TopicRule(declare.Declaration.Name, declare.Declaration.Policy);
        if (router.Rules.Named(rule.Filter) is { } before)
        {
            Answer(declare.Asker, declare.ReplyTo, before.Policy == rule.Policy ? new TopicChange(Created: false, Ended: null) : null, TopicRefusal.IsDeclared(before));
            return;
        }

        if (router.Rules.TryAdd(rule) is { } refusal)
        {
            Answer(declare.Asker, declare.ReplyTo, change: null, refusal);
            return;
        }

        foreach (var record in Within(rule))
        {
            foreach (var subscriber in record.Members) subscriber.WhenSlow = rule.Policy.WhenSlow;
            rule.Subscribers += record.Members.Length;
        }

        router.RulesChanged();
        Answer(declare.Asker, declare.ReplyTo, new TopicChange(Created: true, Ended: null), refusal: null);
    }

    /// <summary>Deletes a topic and ends its subscriptions at the next publication.</summary>
    /// <returns>The filters that have none any more.</returns>
    public IReadOnlyList<TopicRecord> Delete(DeleteTopic delete)
    {
        if (router.Rules.Named(delete.Name) is not { } rule)
        {
            Answer(delete.Asker, delete.ReplyTo, change: null, TopicRefusal.IsUnknown(delete.Name));
            return [];
        }

        if (rule.IsFixed)
        {
            Answer(delete.Asker, delete.ReplyTo, change: null, TopicRefusal.IsFixed(rule));
            return [];
        }

        lock (router.Retained.Sync)
        {
            router.Rules.Remove(rule);
            router.RulesChanged();
            router.Retained.Drop(rule.Filter);
        }

        var (left, ended, reason) = (new List<TopicRecord>(), 0, TopicRefusal.WasDeleted(rule));
        foreach (var record in Within(rule))
        {
            var members = record.Members.ToArray();
            if (members.Length == 0) continue;
            foreach (var subscriber in members)
            {
                record.Remove(subscriber);
                counters.Subscriptions.Decrement();
            }

            // Of two that were deleted in one run the second may find some that came in between.
            var leaving = table.Leaving.TryGetValue(record, out var before) ? [.. before.Leaving, .. members] : members;
            table.Leaving[record] = new Farewell(leaving, reason);
            left.Add(record);
            ended += members.Length;
        }

        Answer(delete.Asker, delete.ReplyTo, new TopicChange(Created: null, ended), refusal: null);
        return left;
    }

    /// <summary>What is known of the filters that lie within a topic.</summary>
    private IEnumerable<TopicRecord> Within(TopicRule rule) => rule.Place.IsLiteral
        ? table.Records.TryGetValue(rule.Filter, out var record) ? [record] : []
        : table.Records.Where(pair => Topic.Covers(rule.Filter, pair.Key) && !SystemTopics.IsUndeclarable(pair.Key)).Select(pair => pair.Value);

    private void Answer(IActorRef asker, byte[] replyTo, TopicChange? change, TopicRefusal? refusal) =>
        table.Answers.Add((asker, new TopicChanged(replyTo, change, change is null ? refusal : null)));
}
