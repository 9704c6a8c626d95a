namespace Bus.Actors;

/// <summary>
/// The user messages of one actor, first in, first out: any thread enqueues, one at a time dequeues. It holds memory only while messages are in it:
/// a small segment, then larger ones, all lent by pools, so that an idle actor costs two references and a message no allocation.
/// </summary>
/// <remarks>
/// Why not ConcurrentQueue: an empty one keeps 1,086 bytes, which is most of what a topic actor would cost. Its segments cannot be reused either; ours can,
/// because of what <see cref="MessageSegment"/> says about tickets.
/// <para>
/// The interlocked step of <see cref="Enqueue"/> is the taking of a position, and <see cref="IsEmpty"/> looks at positions:
/// the mailbox's argument that no wake-up is lost stands on this.
/// </para>
/// </remarks>
internal struct MessageQueue
{
    // Where producers put. Null when nothing is in the queue and the consumer has released the last segment.
    private MessageSegment? _newest;

    // Where the consumer takes. Null after a release; then it is found from the newest.
    private MessageSegment? _oldest;

    /// <summary>Whether nothing is in it. Exact as long as nobody dequeues; while somebody does, only a guess.</summary>
    internal readonly bool IsEmpty
    {
        get
        {
            for (var segment = Oldest; segment is not null; segment = segment.Next)
            {
                if (segment.Count != 0) return false;
            }

            return true;
        }
    }

    private readonly MessageSegment? Oldest
    {
        get
        {
            if (Volatile.Read(in _oldest) is { } known) return known;
            var segment = Volatile.Read(in _newest);
            while (segment?.Older is { } older) segment = older;
            return segment;
        }
    }

    /// <summary>Adds a message. Thread-safe; waits only for a thread that is between two steps of a replacement.</summary>
    internal void Enqueue(object message, IActorRef? sender)
    {
        var spinner = default(SpinWait);
        while (true)
        {
            var segment = Volatile.Read(ref _newest);
            if (segment is null)
            {
                if (TryInstall(message, sender)) return;
                continue;
            }

            // In this order: a ticket that was read before the segment was seen to be ours may be of an earlier loan, one read after it of a later.
            var ticket = segment.Ticket;
            if (!ReferenceEquals(segment, Volatile.Read(ref _newest))) continue;
            if (MessageSegment.IsFrozen(ticket))
            {
                spinner.SpinOnce();
                continue;
            }

            if (segment.TryPut(ticket, message, sender, out var full)) return;
            if (full) Append(segment);
        }
    }

    /// <summary>Takes the oldest message. Only one thread at a time.</summary>
    internal bool TryDequeue(out Envelope envelope)
    {
        var segment = _oldest ??= Oldest;
        while (segment is not null)
        {
            // Before the attempt: a segment that has a next one is frozen, and if nothing is in it now, nothing ever comes.
            var next = segment.Next;
            if (segment.TryTake(out envelope)) return true;
            if (next is null) return false;
            next.Older = null;
            Volatile.Write(ref _oldest, next);
            SegmentPool.For(segment).Return(segment);
            segment = next;
        }

        envelope = default;
        return false;
    }

    /// <summary>Gives the last segment back if nothing is in it. Only the thread that may dequeue.</summary>
    internal void ReleaseIfEmpty()
    {
        var segment = Oldest;
        if (segment is null || !segment.TryFreezeEmpty()) return;
        Volatile.Write(ref _oldest, null);
        Volatile.Write(ref _newest, null);
        SegmentPool.For(segment).Return(segment);
    }

    /// <summary>Puts the message into a segment of its own and makes that the queue's, unless another thread was quicker.</summary>
    private bool TryInstall(object message, IActorRef? sender)
    {
        var segment = SegmentPool.Small.Rent();
        segment.Lend(message, sender);
        if (Interlocked.CompareExchange(ref _newest, segment, null) is null) return true;
        segment.Withdraw();
        SegmentPool.Small.Return(segment);
        return false;
    }

    /// <summary>
    /// Goes on with a larger segment. Only the thread that froze the full one. The consumer comes to the new one last: it might release it before producers were
    /// sent there. What others put into it until then waits for this thread, which has a message to put as well and looks at the mailbox's status after that.
    /// </summary>
    private void Append(MessageSegment full)
    {
        var segment = SegmentPool.Large.Rent();
        segment.Lend();
        segment.Older = full;
        Volatile.Write(ref _newest, segment);
        full.Next = segment;
    }
}
