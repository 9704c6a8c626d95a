namespace Bus.Core.Endpoint;

/// <summary>The subscriptions that are being opened, and the flushes that wait for those which were before them. Owned by the endpoint actor.</summary>
internal sealed class Openings
{
    private readonly SortedSet<long> _open = [];
    private readonly Queue<(long Last, FlushCommand Flush)> _waiting = new();
    private long _last;

    /// <summary>The flushes that wait, the first one first.</summary>
    public IEnumerable<FlushCommand> Waiting => _waiting.Select(entry => entry.Flush);

    /// <summary>A subscription is being opened.</summary>
    /// <returns>Its number.</returns>
    public long Begin()
    {
        _open.Add(++_last);
        return _last;
    }

    /// <summary>It is active, or was refused.</summary>
    public void End(long number) => _open.Remove(number);

    public void Add(FlushCommand flush) => _waiting.Enqueue((_last, flush));

    /// <summary>The next flush for which all subscriptions before it are open.</summary>
    public bool TryTake(out FlushCommand flush)
    {
        flush = null!;
        if (!_waiting.TryPeek(out var first) || (_open.Count > 0 && _open.Min <= first.Last)) return false;
        flush = _waiting.Dequeue().Flush;
        return true;
    }
}
