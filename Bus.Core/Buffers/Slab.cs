namespace Bus.Core.Buffers;

/// <summary>
/// A pooled block of bytes that several readers share by counting. A socket reads into it once, and everything behind
/// (batches, deliveries, outbound buffers) only points into it, so a payload is never copied on its way to a large fan-out.
/// The count starts at one, owned by whoever rented the slab; the last <see cref="Release"/> gives it back to its pool.
/// </summary>
/// <remarks>
/// A holder that is lost (an actor that crashed between two statements) only costs a pool miss: the garbage collector
/// takes the slab. Releasing once too often would corrupt another message, so it throws.
/// </remarks>
internal sealed class Slab(SlabPool pool, int capacity)
{
    private int _references;

    /// <summary>The block. Pinned for good, so that the kernel can be handed its address without a GC handle per call.</summary>
    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);

    /// <summary>Whether only one holder is left: it may reuse the block from its start.</summary>
    public bool IsExclusive => Volatile.Read(ref _references) == 1;

    public void Retain(int count = 1) => Interlocked.Add(ref _references, count);

    public void Release()
    {
        var left = Interlocked.Decrement(ref _references);
        if (left > 0) return;
        if (left < 0) throw new InvalidOperationException("A slab was released more often than it was retained.");
        pool.Return(this);
    }

    internal void Open() => Volatile.Write(ref _references, 1);
}
