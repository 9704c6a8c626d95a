namespace Bus.Transport.Connections;

/// <summary>
/// How long a slow connection may still hold its producers back: a budget of time within a sliding window. Single-threaded.
/// </summary>
internal sealed class StallBudget(TimeSpan budget, TimeSpan window, TimeProvider time)
{
    private readonly Queue<(long Start, long End)> _past = new();
    private long _since;

    public bool IsStalled { get; private set; }

    public void Begin()
    {
        if (IsStalled) return;
        IsStalled = true;
        _since = time.GetTimestamp();
    }

    public void End()
    {
        if (!IsStalled) return;
        IsStalled = false;
        _past.Enqueue((_since, time.GetTimestamp()));
    }

    /// <summary>What is left of the budget now. Zero or less: it is used up.</summary>
    public TimeSpan Left()
    {
        var now = time.GetTimestamp();
        while (_past.TryPeek(out var oldest) && time.GetElapsedTime(oldest.End, now) > window) _past.Dequeue();
        var used = IsStalled ? time.GetElapsedTime(_since, now) : TimeSpan.Zero;
        foreach (var (start, end) in _past) used += time.GetElapsedTime(start, end);
        return budget - used;
    }
}
