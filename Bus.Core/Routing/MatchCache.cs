// Step 3 of the data path: match. From the topic of a message to the topic actors that it leads to.
// Before: the parser (step 2, Bus.Transport/Nats/NatsParser.cs). Next: BatchBuilder.cs (step 4).

namespace Bus.Core.Routing;

/// <summary>
/// The matches that one producer has found in the routing table, by topic. Looked up by span, valid while the table's
/// generations are what they were: a changed literal filter costs one look at the hash map, a changed wildcard filter a
/// new walk. Used by one producer only; not thread-safe.
/// </summary>
/// <remarks>
/// When it is full, a further topic that leads to a single filter passes through without being kept: to look it up again costs less than to keep it, and to keep all
/// in turn would be garbage for every message. Once in a while it starts anew, for the topics that are in use then.
/// </remarks>
internal sealed class MatchCache(Router router)
{
    /// <summary>For how many filters with wildcards this producer keeps something. For tests.</summary>
    public int TargetCount => _targets.Count;

    /// <summary>Topics kept. Those that lead to several filters are kept beyond it, up to twice as many; then the cache starts anew.</summary>
    public const int Capacity = 4096;

    // Topics that pass through a full cache before it starts anew.
    private const int PassingInAll = 16 * Capacity;

    // What is kept for those that pass in one read: as many as a large slab usually holds.
    private const int KeptPassing = 1024;

    private readonly Dictionary<byte[], Match> _matches = new(Utf8Comparer.Instance);
    private readonly Dictionary<TopicRoute, RouteTarget> _targets = [];
    private readonly List<TopicRoute> _found = [];
    private readonly List<RouteTarget> _passingTargets = [];
    private Match? _passing;
    private int _passingInTurn;
    private int _passed;
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
        _passingInTurn = 0;
        if (ReferenceEquals(_last, _passing)) _last = null;
        if (_passed >= PassingInAll || _matches.Count >= 2 * Capacity)
        {
            _matches.Clear();
            _targets.Clear();
            _last = null;
            _passed = 0;
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
        if (_matches.Count >= Capacity && Pass(topic) is { } passing) return passing;
        match = new Match(topic.ToArray());
        _matches.Add(match.Topic, match);
        return match;
    }

    /// <summary>The match of a topic that is not kept, valid until the next one; null if it leads to several filters, whose turns have to be counted.</summary>
    private Match? Pass(ReadOnlySpan<byte> topic)
    {
        var (wildcards, literals) = (router.WildcardGeneration, router.LiteralGeneration);
        var literal = router.FindLiteral(topic);
        _found.Clear();
        if (literal is not null) _found.Add(literal);
        router.MatchWildcards(topic, _found);
        if (_found.Count > 1) return null;

        _passed++;
        _passing ??= new Match([]);
        _passing.Topic = literal?.Filter ?? topic.ToArray();
        _passing.Literal = literal;
        _passing.Rule = router.Rules.Of(topic);
        (_passing.WildcardGeneration, _passing.LiteralGeneration) = (wildcards, literals);
        _passing.SharedQueues = [];
        if (_passing.Targets.Length != _found.Count) _passing.Targets = new RouteTarget[_found.Count];
        if (_found.Count > 0) _passing.Targets[0] = literal is null ? Target(_found[0]) : PassingTarget(literal);
        return _passing;
    }

    /// <summary>One that is used again after the flush. A topic that comes back in the same read gets another one, and with it a batch behind the first.</summary>
    private RouteTarget PassingTarget(TopicRoute route)
    {
        if (_passingInTurn == KeptPassing) return new RouteTarget(route);
        if (_passingInTurn == _passingTargets.Count) _passingTargets.Add(new RouteTarget(route));
        var target = _passingTargets[_passingInTurn++];
        target.Redirect(route);
        return target;
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
        match.Rule = router.Rules.Of(match.Topic);
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
