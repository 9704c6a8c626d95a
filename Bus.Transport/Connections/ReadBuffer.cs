using Bus.Core.Buffers;

namespace Bus.Transport.Connections;

/// <summary>
/// The bytes of one socket on their way into the parser: always contiguous, in one slab. A frame that does not fit moves
/// to a larger slab, alone; parsed messages stay where they are, in slabs that their batches hold.
/// </summary>
/// <remarks>
/// The slab grows with the traffic and shrinks with it; at <see cref="Rest"/> there is none. Used by one reader.
/// </remarks>
internal sealed class ReadBuffer(SlabPool pool) : IDisposable
{
    // Less room than this is not worth a system call.
    private const int MinRead = 512;

    // Reads in a row that would have fitted a small slab, before the connection goes back to one.
    private const int ShortReadsToShrink = 8;

    private Slab? _slab;
    private int _start;
    private int _end;
    private int _shortReads;
    private bool _wantsLarge;

    /// <summary>The slab that <see cref="Unparsed"/> lies in. There is one from <see cref="Room"/> to <see cref="Rest"/>.</summary>
    public Slab Slab => _slab!;

    /// <summary>Where in the slab the bytes begin that no frame has taken yet.</summary>
    public int Start => _start;

    public ReadOnlySpan<byte> Unparsed => Slab.Bytes.AsSpan(_start, _end - _start);

    public int Length => _end - _start;

    /// <summary>A frame of this many bytes was taken from the front.</summary>
    public void Consume(int count) => _start += count;

    /// <summary>Room for the next read.</summary>
    /// <param name="needed">Bytes of the whole frame whose beginning is here, or 0 when that is not known.</param>
    public Memory<byte> Room(int needed)
    {
        if (Length == 0) Restart();
        var wanted = Math.Max(needed - Length, MinRead);
        if (Slab.Bytes.Length - _end < wanted) Move(Length + wanted);
        return Slab.Bytes.AsMemory(_end);
    }

    /// <summary>Nothing is here and nothing may come for long: holds no memory until the next <see cref="Room"/>.</summary>
    public void Rest()
    {
        if (Length > 0) return;
        Dispose();
        (_start, _end) = (0, 0);
    }

    /// <summary>The read brought this many bytes.</summary>
    public void Received(int count)
    {
        var filled = _end + count == Slab.Bytes.Length;
        _end += count;
        if (filled) _wantsLarge = true;
        _shortReads = count <= SlabPool.SmallSize / 2 ? _shortReads + 1 : 0;
        if (_shortReads >= ShortReadsToShrink) _wantsLarge = false;
    }

    public void Dispose()
    {
        _slab?.Release();
        _slab = null;
    }

    /// <summary>Everything is parsed: start at the front again if no batch holds the slab, or take a new one of the fitting size.</summary>
    private void Restart()
    {
        var size = _wantsLarge ? SlabPool.LargeSize : SlabPool.SmallSize;
        if (_slab is null)
        {
            _slab = pool.Rent(size);
        }
        else if (_slab.IsExclusive && _slab.Bytes.Length == size)
        {
            (_start, _end) = (0, 0);
        }
        else if (_slab.Bytes.Length - _end < MinRead || _slab.Bytes.Length != size)
        {
            Replace(size);
        }
    }

    private void Move(int needed)
    {
        var kept = Unparsed;
        if (Slab.IsExclusive && Slab.Bytes.Length >= needed)
        {
            kept.CopyTo(Slab.Bytes);
            (_start, _end) = (0, kept.Length);
            return;
        }

        var old = Slab;
        var length = kept.Length;
        _slab = pool.Rent(Math.Max(needed, _wantsLarge ? SlabPool.LargeSize : SlabPool.SmallSize));
        kept.CopyTo(_slab.Bytes);
        (_start, _end) = (0, length);
        old.Release();
    }

    private void Replace(int size)
    {
        Slab.Release();
        _slab = pool.Rent(size);
        (_start, _end) = (0, 0);
    }
}
