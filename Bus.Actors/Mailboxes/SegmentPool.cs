namespace Bus.Actors;

/// <summary>
/// Free segments of one size: a few for each thread, which cost no synchronisation, and a bounded stock that threads exchange in chains (one thread
/// posts and another one drains, so one runs out of what the other has too much of).
/// </summary>
internal sealed class SegmentPool(int capacity, int place, int maxChains)
{
    private const int ChainLength = 16;
    private const int Places = 2;

    [ThreadStatic]
    private static Free[]? _free;

    private readonly Lock _gate = new();
    private readonly Stack<MessageSegment> _chains = new();

    /// <summary>What an actor with a message or two needs. 168 bytes.</summary>
    internal static SegmentPool Small { get; } = new(capacity: 4, place: 0, maxChains: 64);

    /// <summary>What follows when the first one is full. 1.6 KiB.</summary>
    internal static SegmentPool Large { get; } = new(capacity: 64, place: 1, maxChains: 32);

    internal static SegmentPool For(MessageSegment segment) => segment.Capacity == Small.Capacity ? Small : Large;

    internal int Capacity => capacity;

    /// <summary>An empty segment, frozen.</summary>
    internal MessageSegment Rent()
    {
        ref var free = ref (_free ??= new Free[Places])[place];
        if (free.Count == 0) Fetch(ref free);
        var segment = free.First;
        if (segment is null)
        {
            segment = new MessageSegment(capacity);
        }
        else
        {
            free.First = segment.Next;
            free.Count--;
            segment.Next = null;
        }

        return segment;
    }

    /// <summary>Takes a segment back that is drained and frozen.</summary>
    internal void Return(MessageSegment segment)
    {
        ref var free = ref (_free ??= new Free[Places])[place];
        // The chain that was completed last is kept until another one is complete: a thread that rents and returns in turn exchanges nothing.
        if (free.Count == 2 * ChainLength) Store(ref free);
        segment.Next = free.First;
        free.First = segment;
        free.Count++;
    }

    private void Fetch(ref Free free)
    {
        lock (_gate)
        {
            if (!_chains.TryPop(out free.First)) return;
        }

        free.Count = ChainLength;
    }

    private void Store(ref Free free)
    {
        var last = free.First!;
        for (var i = 1; i < ChainLength; i++) last = last.Next!;
        var chain = free.First!;
        free.First = last.Next;
        free.Count -= ChainLength;
        last.Next = null;
        lock (_gate)
        {
            if (_chains.Count < maxChains) _chains.Push(chain);
        }
    }

    private struct Free
    {
        public MessageSegment? First;
        public int Count;
    }
}
