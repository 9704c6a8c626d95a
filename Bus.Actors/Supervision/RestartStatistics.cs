namespace Bus.Actors;

/// <summary>How often a child was restarted: in all, or within a window that opens at a restart and stays open for the given time.</summary>
internal sealed class RestartStatistics
{
    private int _count;
    private TimeSpan? _windowStart;

    /// <summary>Counts a restart; false if it is one too many.</summary>
    /// <param name="maxRetries">The limit; negative for none.</param>
    /// <param name="window">The window; not positive for "ever".</param>
    /// <param name="now">Time on any monotonic clock.</param>
    internal bool RequestPermission(int maxRetries, TimeSpan window, TimeSpan now)
    {
        if (maxRetries == 0) return false;
        if (window <= TimeSpan.Zero) return maxRetries < 0 || ++_count <= maxRetries;

        // A window without a limit allows one restart in it.
        var limit = maxRetries > 0 ? maxRetries : 1;
        _windowStart ??= now;
        if (now - _windowStart <= window) return ++_count <= limit;
        _windowStart = now;
        _count = 1;
        return true;
    }
}
