namespace Bus.Core.Messages;

/// <summary>
/// Counts the filters that a request matched, when there are several: each topic actor only sees its own subscribers, but
/// "no responders" is true only when none of them reached anybody. Thread-safe.
/// </summary>
internal sealed class SharedMatch(int filters)
{
    private int _open = filters;
    private int _reached;

    /// <summary>One filter is done. True for the last one, if none of them reached anybody.</summary>
    public bool Complete(bool reached)
    {
        if (reached) Volatile.Write(ref _reached, 1);
        return Interlocked.Decrement(ref _open) == 0 && Volatile.Read(ref _reached) == 0;
    }
}
