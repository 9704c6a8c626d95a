// Step 3 of the data path: match. From the topic of a message to the topic actors that it leads to.
// Before: the parser (step 2, Bus.Transport/Nats/NatsParser.cs). Next: BatchBuilder.cs (step 4).

namespace Bus.Core.Routing;

/// <summary>
/// The matches that one producer has found in the routing table, by topic. Looked up by span, valid while the table's
/// generations are what they were: a changed literal filter costs one look at the hash map, a changed wildcard filter a
/// new walk. Used by one producer only; not thread-safe.
/// </summary>
internal sealed class MatchCache(Router router)
{
    /// <summary>For how many filters with wildcards this producer keeps something. For tests.</summary>
    public int TargetCount => _targets.Count;

    /// <summary>Topics kept. Beyond it the cache starts anew, which bounds what a client with endless topics can hold.</summary>
    public const int Capacity = 4096;

    private readonly Dictionary<byte[], Match> _matches = new(Utf8Comparer.Instance);
    private readonly Dictionary<TopicRoute, RouteTarget> _targets = [];
    private readonly List<TopicRoute> _found = [];
    private Match? _last;
    private int _pruneAt = Capacity;

    public Match Find(ReadOnlySpan<byte> topic)
    {
        // A stream stays on its topic: one comparison instead of a hash.
        var match = _last;
        if (match is null || !topic.SequenceEqual(match.Topic)) match = _last = Lookup(topic);

        // Read before the table is: if it changes in between, the stamp is old and the next message looks again.
        var (wildcards, literals) = (router.WildcardGeneration, router.LiteralGeneration);
        if (match.WildcardGeneration == wildcards && match.LiteralGeneration == literals) return match;
        Refresh(match, wildcards, literals);
        return match;
    }

    /// <summary>Keeps the cache within its bounds. Called while no batch is being filled.</summary>
    public void Trim()
    {
        if (_matches.Count >= Capacity)
        {
            _matches.Clear();
            _targets.Clear();
            _last = null;
        }
        else if (_targets.Count >= _pruneAt)
        {
            Prune();
        }
    }

    /// <summary>What this producer keeps for a route.</summary>
    public RouteTarget Target(TopicRoute route)
    {
        if (!_targets.TryGetValue(route, out var target)) _targets.Add(route, target = new RouteTarget(route));
        return target;
    }

    /// <summary>Forgets the filters that no topic leads to any more: they come and go, however few topics there are.</summary>
    private void Prune()
    {
        var used = _matches.Values.SelectMany(match => match.Targets).ToHashSet();
        foreach (var (route, target) in _targets)
        {
            if (!used.Contains(target)) _targets.Remove(route);
        }

        _pruneAt = Math.Max(Capacity, 2 * _targets.Count);
    }

    private Match Lookup(ReadOnlySpan<byte> topic)
    {
        var matches = _matches.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (matches.TryGetValue(topic, out var match)) return match;
        match = new Match(topic.ToArray());
        _matches.Add(match.Topic, match);
        return match;
    }

    private void Refresh(Match match, long wildcards, long literals)
    {
        var literal = router.FindLiteral(match.Topic);
        match.LiteralGeneration = literals;
        if (match.WildcardGeneration == wildcards && ReferenceEquals(literal, match.Literal)) return;

        _found.Clear();
        if (literal is not null) _found.Add(literal);
        router.MatchWildcards(match.Topic, _found);
        match.Literal = literal;
        match.WildcardGeneration = wildcards;
        match.Targets = Targets(match.Targets, literal);
        match.SharedQueues = _found.Count < 2 ? [] : SharedQueues(_found);
    }

    /// <summary>
    /// What this producer keeps for the routes that were found. A literal one belongs to this topic alone and needs no place in the table, which with 100,000
    /// topics is half the cost of a match.
    /// </summary>
    private RouteTarget[] Targets(RouteTarget[] before, TopicRoute? literal)
    {
        if (_found.Count == 0) return [];
        var targets = new RouteTarget[_found.Count];
        for (var i = 0; i < targets.Length; i++)
        {
            var route = _found[i];
            if (!ReferenceEquals(route, literal)) targets[i] = Target(route);
            else targets[i] = before.Length > 0 && ReferenceEquals(before[0].Route, route) ? before[0] : new RouteTarget(route);
        }

        return targets;
    }

    private static SharedQueue[] SharedQueues(List<TopicRoute> routes) =>
    [
        .. routes
            .SelectMany((route, index) => route.QueueNames.Select(name => (name, index)))
            .GroupBy(pair => pair.name, pair => pair.index, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => new SharedQueue(group.Key, [.. group])),
    ];
}
