using System.Collections.Concurrent;

namespace Bus.Core.Buffers;

/// <summary>
/// Hands out <see cref="Slab"/>s in two sizes: small for idle and chatty connections, large for streams. A request above
/// the large size gets a block of its own that is not kept, so one 1 MiB payload does not stay in memory for ever.
/// Thread-safe.
/// </summary>
/// <param name="poison">For tests: overwrite a slab when it comes back and never hand it out again, so that a late reader sees rubbish.</param>
internal sealed class SlabPool(bool poison = false)
{
    public const int SmallSize = 4 * 1024;
    public const int LargeSize = 64 * 1024;

    // What the pool keeps at most: 1 MiB of small and 8 MiB of large slabs. A daemon at rest stays small.
    private const int KeptSmall = 256;
    private const int KeptLarge = 128;
    private const byte PoisonByte = 0xDD;

    private readonly ConcurrentQueue<Slab> _small = new();
    private readonly ConcurrentQueue<Slab> _large = new();
    private int _outstanding;

    public static SlabPool Shared { get; } = new();

    /// <summary>How many slabs are rented and not yet back. Zero when a bus is at rest: tests assert it.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>A slab of at least <paramref name="minimum"/> bytes, with one reference that the caller owns.</summary>
    public Slab Rent(int minimum)
    {
        Interlocked.Increment(ref _outstanding);
        var slab = minimum switch
        {
            <= SmallSize => _small.TryDequeue(out var small) ? small : new Slab(this, SmallSize),
            <= LargeSize => _large.TryDequeue(out var large) ? large : new Slab(this, LargeSize),
            _ => new Slab(this, minimum),
        };
        slab.Open();
        return slab;
    }

    internal void Return(Slab slab)
    {
        Interlocked.Decrement(ref _outstanding);
        if (poison)
        {
            slab.Bytes.AsSpan().Fill(PoisonByte);
            return;
        }

        if (slab.Bytes.Length == SmallSize && _small.Count < KeptSmall) _small.Enqueue(slab);
        else if (slab.Bytes.Length == LargeSize && _large.Count < KeptLarge) _large.Enqueue(slab);
    }
}
