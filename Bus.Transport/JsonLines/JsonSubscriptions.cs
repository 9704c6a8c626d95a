namespace Bus.Transport.JsonLines;

/// <summary>A subscription of a client: a name, and a number on the wire for each of its filters.</summary>
internal sealed class JsonSubscription(string name, IReadOnlyList<string> filters, long firstSid, JsonForm form)
{
    public string Name => name;

    public IReadOnlyList<string> Filters => filters;

    public JsonForm Form => form;

    /// <summary>How many messages it still takes. Null: it has no maximum.</summary>
    public long? Left { get; set; }

    public IEnumerable<long> Sids => filters.Select((_, i) => firstSid + i);

    public long Sid(int index) => firstSid + index;
}

/// <summary>The subscriptions of one client, by name and by number. Single-threaded.</summary>
internal sealed class JsonSubscriptions
{
    private readonly Dictionary<string, JsonSubscription> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<long, JsonSubscription> _bySid = [];
    private long _lastSid = FirstSid - 1;

    /// <summary>The number of the subscription to the answers of requests.</summary>
    public const long InboxSid = 1;

    private const long FirstSid = 2;

    /// <returns>Null when there is one of that name.</returns>
    public JsonSubscription? Add(string name, IReadOnlyList<string> filters, long max, JsonForm form)
    {
        if (_byName.ContainsKey(name)) return null;
        var subscription = new JsonSubscription(name, filters, _lastSid + 1, form) { Left = max > 0 ? max : null };
        _lastSid += filters.Count;
        _byName.Add(name, subscription);
        foreach (var sid in subscription.Sids) _bySid.Add(sid, subscription);
        return subscription;
    }

    public JsonSubscription? Find(string name) => _byName.GetValueOrDefault(name);

    public JsonSubscription? Find(long sid) => _bySid.GetValueOrDefault(sid);

    /// <summary>The newest with a filter: the one that the bus has just refused.</summary>
    public JsonSubscription? FindFilter(string filter) => _byName.Values.Where(subscription => subscription.Filters.Contains(filter)).MaxBy(subscription => subscription.Sid(0));

    public void Remove(JsonSubscription subscription)
    {
        _byName.Remove(subscription.Name);
        foreach (var sid in subscription.Sids) _bySid.Remove(sid);
    }
}
