namespace Bus.Core.Routing;

/// <summary>
/// An immutable trie of the filters that hold wildcards, one level per token. An edit copies only the path it touches,
/// and within one editing round a node is copied once, so that thousands of subscriptions in
/// one round are not quadratic. A round ends when the trie is published; from then on nobody writes to its nodes.
/// </summary>
internal sealed class FilterTrie
{
    public static readonly FilterTrie Empty = new(new Node(0));

    private readonly Node _root;

    private FilterTrie(Node root) => _root = root;

    public FilterTrie Add(TopicRoute route, long edit)
    {
        var root = _root.Editable(edit);
        var node = root;
        foreach (var range in route.Filter.AsSpan().Split((byte)'.'))
        {
            var token = route.Filter.AsSpan()[range];
            if (token is [(byte)'>'])
            {
                node.Rest = route;
                return new FilterTrie(root);
            }

            node = node.EditableChild(token, edit);
        }

        node.Here = route;
        return new FilterTrie(root);
    }

    public FilterTrie Remove(TopicRoute route, long edit)
    {
        var root = _root.Editable(edit);
        Remove(root, route, route.Filter, edit);
        return new FilterTrie(root);
    }

    /// <summary>Adds every route whose filter matches the topic. System topics (<c>$BUS.</c>) are not matched by a filter that begins with a wildcard.</summary>
    public void Match(ReadOnlySpan<byte> topic, List<TopicRoute> into)
    {
        // With an empty token it is no topic, and matches nothing, not even ">".
        if (topic.IsEmpty || topic[0] == (byte)'.' || topic[^1] == (byte)'.' || topic.IndexOf(".."u8) >= 0) return;
        if (topic.StartsWith("$BUS."u8))
        {
            if (_root.Literal("$BUS"u8) is { } system) Match(system, topic["$BUS.".Length..], into);
            return;
        }

        Match(_root, topic, into);
    }

    private static void Match(Node node, ReadOnlySpan<byte> topic, List<TopicRoute> into)
    {
        while (true)
        {
            if (node.Rest is not null) into.Add(node.Rest);
            var dot = topic.IndexOf((byte)'.');
            var token = dot < 0 ? topic : topic[..dot];
            var (literal, star) = (node.Literal(token), node.Star);
            if (dot < 0)
            {
                if (literal?.Here is { } exact) into.Add(exact);
                if (star?.Here is { } any) into.Add(any);
                return;
            }

            topic = topic[(dot + 1)..];
            if (literal is not null && star is not null) Match(star, topic, into);
            if ((literal ?? star) is not { } next) return;
            node = next;
        }
    }

    private static void Remove(Node node, TopicRoute route, ReadOnlySpan<byte> rest, long edit)
    {
        if (rest is [(byte)'>'])
        {
            node.Rest = null;
            return;
        }

        var dot = rest.IndexOf((byte)'.');
        var token = dot < 0 ? rest : rest[..dot];
        var child = node.EditableChild(token, edit);
        if (dot < 0) child.Here = null;
        else Remove(child, route, rest[(dot + 1)..], edit);
        if (child.IsEmpty) node.Drop(token);
    }

    private sealed class Node(long edit)
    {
        private Dictionary<byte[], Node>? _literals;

        public Node? Star { get; private set; }

        /// <summary>The filter that ends here.</summary>
        public TopicRoute? Here { get; set; }

        /// <summary>The filter that goes on with <c>&gt;</c>.</summary>
        public TopicRoute? Rest { get; set; }

        public bool IsEmpty => Here is null && Rest is null && Star is null && _literals is null or { Count: 0 };

        public Node? Literal(ReadOnlySpan<byte> token) =>
            _literals is not null && _literals.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(token, out var node) ? node : null;

        public Node Editable(long round)
        {
            if (edit == round) return this;
            return new Node(round)
            {
                Star = Star,
                Here = Here,
                Rest = Rest,
                _literals = _literals is null ? null : new Dictionary<byte[], Node>(_literals, Utf8Comparer.Instance),
            };
        }

        public Node EditableChild(ReadOnlySpan<byte> token, long round)
        {
            if (token is [(byte)'*']) return Star = Star?.Editable(round) ?? new Node(round);
            _literals ??= new Dictionary<byte[], Node>(Utf8Comparer.Instance);
            var literals = _literals.GetAlternateLookup<ReadOnlySpan<byte>>();
            var child = literals.TryGetValue(token, out var known) ? known.Editable(round) : new Node(round);
            literals[token] = child;
            return child;
        }

        public void Drop(ReadOnlySpan<byte> token)
        {
            if (token is [(byte)'*']) Star = null;
            else _literals!.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(token);
        }
    }
}
