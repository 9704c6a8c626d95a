using System.Collections.Concurrent;

namespace Bus.Core.Routing;

/// <summary>
/// The routing table: which topic actors a topic leads to. The topic manager is its only writer; every producer reads it
/// without a lock and keeps what it found in a <see cref="MatchCache"/>.
/// </summary>
/// <remarks>
/// Two parts, because they change differently. Filters without a wildcard (reply inboxes come and go by the thousand) lie
/// in a concurrent hash map: adding one costs the same however many there are, and makes a cache look again for that one
/// topic only. Filters with a wildcard lie in an immutable trie that is replaced as a whole, and a change there makes every
/// cache match again.
/// </remarks>
internal sealed class Router
{
    private readonly ConcurrentDictionary<byte[], TopicRoute> _literals = new(Utf8Comparer.Instance);
    private readonly ConcurrentDictionary<byte[], TopicRoute>.AlternateLookup<ReadOnlySpan<byte>> _literalsBySpan;

    private FilterTrie _edited = FilterTrie.Empty;
    private FilterTrie _published = FilterTrie.Empty;
    private long _edit = 1;
    private long _literalGeneration;
    private long _wildcardGeneration;
    private bool _wildcardsChanged;

    public Router(RetainedStore? retained = null, TopicRules? rules = null)
    {
        Rules = rules ?? new TopicRules();
        _literalsBySpan = _literals.GetAlternateLookup<ReadOnlySpan<byte>>();
        Retained = retained ?? new RetainedStore(new RetainedOptions(), TimeProvider.System);
    }

    /// <summary>The last values of topics.</summary>
    public RetainedStore Retained { get; }

    /// <summary>The declared topics. Whoever changes them says so by <see cref="RulesChanged"/>.</summary>
    public TopicRules Rules { get; }

    /// <summary>Changes when a filter without wildcards appeared or disappeared.</summary>
    public long LiteralGeneration => Volatile.Read(ref _literalGeneration);

    /// <summary>Changes when a filter with a wildcard appeared or disappeared, or the queue names of any filter changed.</summary>
    public long WildcardGeneration => Volatile.Read(ref _wildcardGeneration);

    public TopicRoute? FindLiteral(ReadOnlySpan<byte> topic) => _literalsBySpan.TryGetValue(topic, out var route) ? route : null;

    public void MatchWildcards(ReadOnlySpan<byte> topic, List<TopicRoute> into) => Volatile.Read(ref _published).Match(topic, into);

    /// <summary>Every route for a topic, without a cache. For the rare messages that the bus itself sends.</summary>
    public List<TopicRoute> Match(ReadOnlySpan<byte> topic)
    {
        var routes = new List<TopicRoute>();
        if (FindLiteral(topic) is { } literal) routes.Add(literal);
        MatchWildcards(topic, routes);
        return routes;
    }

    /// <summary>Adds a route. Visible at the next <see cref="Publish"/>, a literal one at once. Topic manager only.</summary>
    public void Add(TopicRoute route)
    {
        if (route.IsLiteral)
        {
            _literals[route.Filter] = route;
            Interlocked.Increment(ref _literalGeneration);
            return;
        }

        _edited = _edited.Add(route, _edit);
        _wildcardsChanged = true;
    }

    /// <summary>Removes a route. Topic manager only.</summary>
    public void Remove(TopicRoute route)
    {
        if (route.IsLiteral)
        {
            _literals.TryRemove(new KeyValuePair<byte[], TopicRoute>(route.Filter, route));
            Interlocked.Increment(ref _literalGeneration);
            return;
        }

        _edited = _edited.Remove(route, _edit);
        _wildcardsChanged = true;
    }

    /// <summary>Says that the queue names of a route changed, so that matches that share a queue name are computed again. Topic manager only.</summary>
    public void QueueNamesChanged() => _wildcardsChanged = true;

    /// <summary>Says that topics were declared or deleted: every cache looks again.</summary>
    public void RulesChanged() => Interlocked.Increment(ref _wildcardGeneration);

    /// <summary>Makes all edits since the last call visible. Topic manager only, once per run of its mailbox.</summary>
    public void Publish()
    {
        if (!_wildcardsChanged) return;
        _wildcardsChanged = false;
        // The trie before the generation: whoever sees the new generation must find the new trie.
        Volatile.Write(ref _published, _edited);
        Interlocked.Increment(ref _wildcardGeneration);
        _edit++;
    }
}
