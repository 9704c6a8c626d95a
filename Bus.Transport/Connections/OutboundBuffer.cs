using Bus.Core.Buffers;

namespace Bus.Transport.Connections;

/// <summary>
/// What a connection has to send, in pieces: slabs of its own that it formats into, and slices of the producers' slabs for
/// large payloads, which are not copied. The owner appends at the end while the pieces at the front are being sent, so
/// writing never waits for the socket. Single-threaded: it belongs to one actor.
/// </summary>
internal sealed class OutboundBuffer(SlabPool pool)
{
    // sendmsg takes 1,024 vectors at most; 64 pieces of 64 KiB are more than a socket buffer holds anyway.
    private const int MaxPieces = 64;

    private readonly List<Piece> _pieces = [];
    private readonly List<ArraySegment<byte>> _sending = [];
    private Slab? _tail;
    private int _tailUsed;
    private int _tailReserved;

    /// <summary>Bytes appended and not yet sent.</summary>
    public long Pending { get; private set; }

    public bool IsEmpty => Pending == 0;

    public bool IsSending => _sending.Count > 0;

    /// <summary>Room for at least <paramref name="size"/> bytes. Call <see cref="Advance"/> with what was written before anything else.</summary>
    public Span<byte> GetSpan(int size)
    {
        if (_tail is null || _tail.Bytes.Length - _tailUsed < size) NewTail(size);
        _tailReserved = size;
        return _tail!.Bytes.AsSpan(_tailUsed);
    }

    public void Advance(int count)
    {
        if (count > _tailReserved) throw new ArgumentOutOfRangeException(nameof(count), count, $"Only {_tailReserved} bytes were reserved.");
        Extend(_tail!, _tailUsed, count);
        _tailUsed += count;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    /// <summary>Appends a part of somebody else's slab without copying it; the slab is retained until it is sent.</summary>
    public void AppendSlice(Slab slab, int offset, int length)
    {
        slab.Retain();
        _pieces.Add(new Piece(slab, offset, length, IsOwn: false));
        Pending += length;
    }

    /// <summary>The pieces to send now, for one gather write. Valid until <see cref="Sent"/>.</summary>
    public List<ArraySegment<byte>> BeginSend()
    {
        var count = Math.Min(_pieces.Count, MaxPieces);
        for (var i = 0; i < count; i++) _sending.Add(new ArraySegment<byte>(_pieces[i].Slab.Bytes, _pieces[i].Offset, _pieces[i].Length));
        return _sending;
    }

    /// <summary>The pieces given by <see cref="BeginSend"/> are out.</summary>
    public void Sent()
    {
        Release(_sending.Count);
        _sending.Clear();
        // At rest a connection holds no memory: a thousand idle ones cost nothing here.
        if (_pieces.Count == 0) DropTail();
    }

    /// <summary>Gives everything back, sent or not. No send may be in flight.</summary>
    public void Clear()
    {
        Release(_pieces.Count);
        _sending.Clear();
        DropTail();
    }

    private void Extend(Slab slab, int offset, int count)
    {
        Pending += count;
        // The piece that is being sent must not grow under the kernel's eyes; a new one over the same slab may.
        if (_pieces.Count > _sending.Count && _pieces[^1] is { IsOwn: true } last && ReferenceEquals(last.Slab, slab) && last.Offset + last.Length == offset)
        {
            _pieces[^1] = last with { Length = last.Length + count };
            return;
        }

        slab.Retain();
        _pieces.Add(new Piece(slab, offset, count, IsOwn: true));
    }

    private void NewTail(int size)
    {
        // Small first: most connections answer now and then. One that fills it is a stream and gets large ones.
        var wanted = _tail is null && _pieces.Count == 0 ? SlabPool.SmallSize : SlabPool.LargeSize;
        DropTail();
        _tail = pool.Rent(Math.Max(size, wanted));
    }

    private void DropTail()
    {
        _tail?.Release();
        _tail = null;
        _tailUsed = 0;
    }

    private void Release(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Pending -= _pieces[i].Length;
            _pieces[i].Slab.Release();
        }

        _pieces.RemoveRange(0, count);
    }

    private readonly record struct Piece(Slab Slab, int Offset, int Length, bool IsOwn);
}
