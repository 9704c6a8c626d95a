namespace Bus.Actors;

/// <summary>
/// Mailboxes that became ready at about the same time, as one item of work for the thread pool: what one read leads to in 500 actors is then shared among the
/// threads in a dozen pieces, and not one by one.
/// </summary>
internal sealed class SharedRuns : IThreadPoolWorkItem
{
    /// <summary>So many that handing them over costs little for each, so few that a large read makes work for every thread.</summary>
    internal const int Capacity = 32;

    [ThreadStatic]
    private static SharedRuns? _free;

    private readonly Mailbox?[] _mailboxes = new Mailbox?[Capacity];
    private int _count;

    internal bool IsFull => _count == Capacity;

    internal static SharedRuns Rent()
    {
        var runs = _free ?? new SharedRuns();
        _free = null;
        return runs;
    }

    internal void Add(Mailbox mailbox) => _mailboxes[_count++] = mailbox;

    /// <summary>Gives them to the pool. The object is not the caller's any more.</summary>
    internal void Share()
    {
        if (_count > 1)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }

        // One alone may be the start of a large fan-out, which its own thread shares with others.
        ThreadPool.UnsafeQueueUserWorkItem(_mailboxes[0]!, preferLocal: false);
        Return();
    }

    public void Execute()
    {
        for (var i = 0; i < _count; i++) _mailboxes[i]!.Execute();
        Return();
    }

    private void Return()
    {
        _mailboxes.AsSpan(0, _count).Clear();
        _count = 0;
        _free = this;
    }
}
