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

    // From here to _tailUsed the tail is in no piece yet: appending is an addition, and a piece is made when somebody looks.
    private int _tailPieced;

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
        _tailUsed += count;
        Pending += count;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    /// <summary>Appends a part of somebody else's slab without copying it; the slab is retained until it is sent.</summary>
    public void AppendSlice(Slab slab, int offset, int length)
    {
        CloseTailPiece();
        slab.Retain();
        _pieces.Add(new Piece(slab, offset, length));
        Pending += length;
    }

    /// <summary>The pieces to send now, for one gather write. Valid until <see cref="Sent"/>.</summary>
    public List<ArraySegment<byte>> BeginSend()
    {
        CloseTailPiece();
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
        if (IsEmpty) DropTail();
    }

    /// <summary>Gives everything back, sent or not. No send may be in flight.</summary>
    public void Clear()
    {
        CloseTailPiece();
        Release(_pieces.Count);
        _sending.Clear();
        DropTail();
    }

    private void CloseTailPiece()
    {
        if (_tail is null || _tailPieced == _tailUsed) return;
        _tail.Retain();
        _pieces.Add(new Piece(_tail, _tailPieced, _tailUsed - _tailPieced));
        _tailPieced = _tailUsed;
    }

    private void NewTail(int size)
    {
        // Small first: most connections answer now and then. One that fills it is a stream and gets large ones.
        var wanted = _tail is null && _pieces.Count == 0 ? SlabPool.SmallSize : SlabPool.LargeSize;
        CloseTailPiece();
        DropTail();
        _tail = pool.Rent(Math.Max(size, wanted));
    }

    private void DropTail()
    {
        _tail?.Release();
        _tail = null;
        _tailUsed = 0;
        _tailPieced = 0;
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

    private readonly record struct Piece(Slab Slab, int Offset, int Length);
}
