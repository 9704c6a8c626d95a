namespace Bus.Actors;

/// <summary>
/// A lock-free list of system messages: many threads push, the mailbox's run takes all at once and turns them into arrival
/// order. Closing swaps in a sentinel, so that a push either is taken by the last run or fails and knows it.
/// </summary>
internal struct SystemMessageList
{
    private static readonly SystemMessage ClosedMark = new StopMessage();

    private SystemMessage? _head;

    internal bool HasMessages
    {
        get
        {
            var head = Volatile.Read(ref _head);
            return head is not null && !ReferenceEquals(head, ClosedMark);
        }
    }

    /// <summary>Adds a message; false if the list is closed.</summary>
    internal bool TryPush(SystemMessage message)
    {
        var head = Volatile.Read(ref _head);
        while (!ReferenceEquals(head, ClosedMark))
        {
            message.Next = head;
            var seen = Interlocked.CompareExchange(ref _head, message, head);
            if (ReferenceEquals(seen, head)) return true;
            head = seen;
        }

        message.Next = null;
        return false;
    }

    /// <summary>Takes all messages, oldest first. Only for the mailbox's run.</summary>
    internal SystemMessage? TakeAll() => HasMessages ? Reverse(Interlocked.Exchange(ref _head, null)) : null;

    /// <summary>Closes the list and takes what was still in it, oldest first. Only for the mailbox's run, once.</summary>
    internal SystemMessage? Close() => Reverse(Interlocked.Exchange(ref _head, ClosedMark));

    private static SystemMessage? Reverse(SystemMessage? newest)
    {
        SystemMessage? oldest = null;
        while (newest is not null)
        {
            var next = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = next;
        }

        return oldest;
    }
}
