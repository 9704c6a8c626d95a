using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Bus.Core.Messages;

namespace Bus.Core.Routing;

/// <summary>
/// The declared topics. No two of them have a topic in common, so that each topic has one policy and nobody has to know which of several comes first. Read without a
/// lock by every producer when it looks up a topic that it has not met; changed by the topic manager only, and before the bus starts.
/// </summary>
internal sealed class TopicRules(TopicCreation creation = TopicCreation.OnUse, TopicChanges changes = TopicChanges.ByAnyone)
{
    public const int MaxTopics = 10_000;

    private readonly ConcurrentDictionary<byte[], TopicRule> _byName = new(Utf8Comparer.Instance);
    private WildcardRules _wildcards = WildcardRules.None;
    private int _count;

    public TopicCreation Creation => creation;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Nothing is declared and nothing has to be: there is nothing to look up.</summary>
    private bool SayNothing => creation == TopicCreation.OnUse && Count == 0;

    /// <summary>Why somebody may not declare or delete topics. Null: it may be done.</summary>
    public TopicRefusal? RefuseChange(IBatchProducer by) => changes == TopicChanges.ByAnyone || (changes == TopicChanges.InProcess && by.IsInProcess) ? null : TopicRefusal.MayNotChange;

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<TopicRule> All() => [.. _byName.Values.OrderBy(rule => rule.Name, StringComparer.Ordinal)];

    public TopicRule? Named(ReadOnlySpan<byte> name) => _byName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var rule) ? rule : null;

    /// <summary>What holds for what is published on a topic. Null: nothing in particular.</summary>
    public TopicRule? Of(ReadOnlySpan<byte> topic)
    {
        if (SayNothing || SystemTopics.IsUndeclarable(topic)) return null;
        return Declared(topic) ?? (creation == TopicCreation.Declared ? TopicRule.Undeclared : null);
    }

    /// <summary>The declared topic that a filter lies within. Null: it is wider than any, or has nothing to do with them.</summary>
    public TopicRule? Covering(byte[] filter)
    {
        if (Count == 0 || SystemTopics.IsUndeclarable(filter)) return null;
        if (!Topic.HasWildcard(filter)) return Declared(filter);
        return Volatile.Read(ref _wildcards).Rules.Values.FirstOrDefault(rule => Topic.Covers(rule.Filter, filter));
    }

    /// <summary>Why nobody may subscribe to a filter. Null: it may be done.</summary>
    public TopicRefusal? Refuse(byte[] filter)
    {
        if (SayNothing || SystemTopics.IsUndeclarable(filter)) return null;
        if (Covering(filter) is { } rule) return rule.Subscribers >= rule.Policy.MaxSubscribers ? TopicRefusal.HasAll(rule) : null;
        return creation == TopicCreation.OnUse || (Topic.HasWildcard(filter) && Overlapping(filter) is not null) ? null : TopicRefusal.NotDeclared;
    }

    /// <summary>Adds one.</summary>
    /// <returns>Null when it is there now; or why it is not.</returns>
    public TopicRefusal? TryAdd(TopicRule rule)
    {
        if (Count >= MaxTopics) return new TopicRefusal(TopicRefusal.TooMany, 507, string.Create(CultureInfo.InvariantCulture, $"{Count:N0} topics are declared already, which is all there may be: delete some, or declare a filter such as \"orders.*\" for many."));
        if (Overlapping(rule.Filter) is { } other) return new TopicRefusal(TopicRefusal.Overlaps, 409, $"The topic \"{rule.Name}\" has topics in common with \"{other.Name}\", which is declared already; each topic has one policy.");
        _byName[rule.Filter] = rule;
        if (!rule.Place.IsLiteral) Volatile.Write(ref _wildcards, _wildcards.With(rule));
        Interlocked.Increment(ref _count);
        return null;
    }

    public void Remove(TopicRule rule)
    {
        _byName.TryRemove(rule.Filter, out _);
        if (!rule.Place.IsLiteral) Volatile.Write(ref _wildcards, _wildcards.Without(rule));
        Interlocked.Decrement(ref _count);
    }

    private TopicRule? Declared(ReadOnlySpan<byte> topic) => Named(topic) ?? Volatile.Read(ref _wildcards).Of(topic);

    /// <summary>One that has topics in common with a filter.</summary>
    private TopicRule? Overlapping(byte[] filter)
    {
        if (!Topic.HasWildcard(filter)) return Declared(filter);
        return _byName.Values.FirstOrDefault(rule => Topic.Overlap(rule.Filter, filter));
    }

    /// <summary>Those that are filters. Immutable.</summary>
    private sealed record WildcardRules(FilterTrie Trie, ImmutableDictionary<TopicRoute, TopicRule> Rules, long Edit)
    {
        public static readonly WildcardRules None = new(FilterTrie.Empty, ImmutableDictionary<TopicRoute, TopicRule>.Empty, 0);

        [ThreadStatic]
        private static List<TopicRoute>? _found;

        public TopicRule? Of(ReadOnlySpan<byte> topic)
        {
            if (Rules.Count == 0) return null;
            // A producer with more topics than its cache holds comes here for each message.
            var found = _found ??= [];
            found.Clear();
            Trie.Match(topic, found);
            return found.Count == 0 ? null : Rules[found[0]];
        }

        public WildcardRules With(TopicRule rule) => new(Trie.Add(rule.Place, Edit + 1), Rules.Add(rule.Place, rule), Edit + 1);

        public WildcardRules Without(TopicRule rule) => new(Trie.Remove(rule.Place, Edit + 1), Rules.Remove(rule.Place), Edit + 1);
    }
}
