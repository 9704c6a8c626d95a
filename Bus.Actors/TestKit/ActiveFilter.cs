#nullable disable

namespace Bus.Actors.TestKit;

/// <summary>A filter in force: counts what it matches until it is disposed.</summary>
internal sealed class ActiveFilter(TestEventListener listener, EventMatcher[] matchers) : IUnmutableFilter
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public bool Take(object logEvent)
    {
        if (!Array.Exists(matchers, m => m.Matches(logEvent))) return false;
        Interlocked.Increment(ref _count);
        return true;
    }

    public void Unmute() => listener.End(this);

    public void Dispose() => listener.End(this);
}
