namespace Bus.Actors;

/// <summary>
/// A ring of slots for many producers and one consumer: a piece of a <see cref="MessageQueue"/>, which lends it from a <see cref="SegmentPool"/>
/// and returns it when it is drained.
/// </summary>
/// <remarks>
/// The ticket is what producers compete for: its low half is the next position, its high half the number of the loan, its sign says that the
/// segment is frozen. A frozen ticket is never taken, and a loan ends by freezing and begins with a new number; so a producer that
/// read a ticket and was overtaken by a return and another loan (to another actor, even) finds the ticket changed and cannot put
/// anything. Each slot carries the position it is free for, or one more once it is filled; that is how producers see that the ring is full and the
/// consumer that a message is complete, without looking at each other's counters.
/// </remarks>
internal sealed class MessageSegment
{
    private const long Frozen = long.MinValue;
    private const long Loan = 1L << 32;

    private readonly Slot[] _slots;
    private long _ticket = Frozen;
    private uint _head;
    private MessageSegment? _next;
    private MessageSegment? _older;

    internal MessageSegment(int capacity)
    {
        _slots = new Slot[capacity];
        for (var i = 0; i < capacity; i++) _slots[i].Turn = (uint)i;
    }

    internal int Capacity => _slots.Length;

    /// <summary>The segment that follows in the queue, set once this one is full and frozen; in the pool, the next free one.</summary>
    internal MessageSegment? Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }

    /// <summary>The segment before, as long as the consumer has not left it.</summary>
    internal MessageSegment? Older
    {
        get => Volatile.Read(ref _older);
        set => Volatile.Write(ref _older, value);
    }

    /// <summary>What a producer must read before it makes sure that the segment is still its queue's, and then give to <see cref="TryPut"/>.</summary>
    internal long Ticket => Volatile.Read(ref _ticket);

    /// <summary>Messages in it, counting those whose producer has not finished yet. Exact for the consumer, a guess for others.</summary>
    internal int Count => (int)((uint)Ticket - Volatile.Read(ref _head));

    internal static bool IsFrozen(long ticket) => ticket < 0;

    /// <summary>Begins a loan.</summary>
    internal void Lend() => Volatile.Write(ref _ticket, NextLoan);

    /// <summary>Begins a loan with a first message: nobody else can put anything yet, so this needs no interlocked step.</summary>
    internal void Lend(object message, IActorRef? sender)
    {
        var ticket = NextLoan;
        ref var slot = ref _slots[(uint)ticket & (uint)(_slots.Length - 1)];
        slot.Message = message;
        slot.Sender = sender;
        slot.Turn = (uint)ticket + 1;
        Volatile.Write(ref _ticket, After(ticket));
    }

    /// <summary>Takes back a loan with a first message that nobody has seen.</summary>
    internal void Withdraw()
    {
        TryTake(out _);
        Volatile.Write(ref _ticket, _ticket | Frozen);
    }

    /// <summary>Puts a message at the ticket's position.</summary>
    /// <returns>False if the ticket is no longer valid, or the ring is full: then it is frozen by this call and <paramref name="full"/> is true.</returns>
    internal bool TryPut(long ticket, object message, IActorRef? sender, out bool full)
    {
        var position = (uint)ticket;
        ref var slot = ref _slots[position & (uint)(_slots.Length - 1)];
        if (Volatile.Read(ref slot.Turn) != position)
        {
            full = Interlocked.CompareExchange(ref _ticket, ticket | Frozen, ticket) == ticket;
            return false;
        }

        full = false;
        if (Interlocked.CompareExchange(ref _ticket, After(ticket), ticket) != ticket) return false;
        slot.Message = message;
        slot.Sender = sender;
        Volatile.Write(ref slot.Turn, position + 1);
        return true;
    }

    /// <summary>Takes the oldest message; waits for its producer if that has the position and not yet put the message. Consumer only.</summary>
    internal bool TryTake(out Envelope envelope)
    {
        var position = _head;
        ref var slot = ref _slots[position & (uint)(_slots.Length - 1)];
        if (Volatile.Read(ref slot.Turn) != position + 1 && !Await(ref slot.Turn, position))
        {
            envelope = default;
            return false;
        }

        envelope = new Envelope(slot.Message!, slot.Sender);
        slot.Message = null;
        slot.Sender = null;
        Volatile.Write(ref slot.Turn, position + (uint)_slots.Length);
        Volatile.Write(ref _head, position + 1);
        return true;
    }

    /// <summary>Freezes the segment if nothing is in it. Consumer only.</summary>
    internal bool TryFreezeEmpty()
    {
        var ticket = Ticket;
        return !IsFrozen(ticket) && (uint)ticket == _head && Interlocked.CompareExchange(ref _ticket, ticket | Frozen, ticket) == ticket;
    }

    private long NextLoan => ((_ticket & ~Frozen) + Loan) & ~Frozen;

    // The position wraps within the low half, or it would carry into the number of the loan.
    private static long After(long ticket) => (ticket & ~0xFFFF_FFFFL) | ((uint)ticket + 1);

    private bool Await(ref uint turn, uint position)
    {
        if ((uint)Ticket == position) return false;
        var spinner = default(SpinWait);
        while (Volatile.Read(ref turn) != position + 1) spinner.SpinOnce();
        return true;
    }

    private struct Slot
    {
        public object? Message;
        public IActorRef? Sender;
        public uint Turn;
    }
}
