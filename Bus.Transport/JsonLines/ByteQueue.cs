using System.Buffers;

namespace Bus.Transport.JsonLines;

/// <summary>Bytes that come in at one end and go out at the other, contiguous in an array of the shared pool. While it is empty it holds none. Single-threaded.</summary>
internal sealed class ByteQueue : IBufferWriter<byte>
{
    private const int Least = 4096;

    private byte[] _bytes = [];
    private int _start;
    private int _end;

    public int Length => _end - _start;

    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, Length);

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_end);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - _end);
        _end += count;
    }

    /// <summary>Takes bytes off the front. What <see cref="Unread"/> gave stays readable until something is added or <see cref="Rest"/> is called.</summary>
    public void Consume(int count) => _start += count;

    /// <summary>Gives the array back if nothing is in it.</summary>
    public void Rest()
    {
        if (Length == 0) Drop();
    }

    /// <summary>Gives the array back, whatever is in it.</summary>
    public void Drop()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _start, _end) = ([], 0, 0);
    }

    /// <summary>Hands the whole content over with its array, which the caller gives back to the shared pool, and is empty.</summary>
    public ArraySegment<byte> Detach()
    {
        var content = new ArraySegment<byte>(_bytes, _start, Length);
        (_bytes, _start, _end) = ([], 0, 0);
        return content;
    }

    private void Reserve(int size)
    {
        if (_start == _end) (_start, _end) = (0, 0);
        if (_bytes.Length - _end >= size) return;
        var length = Length;
        // Moved to the front only when that frees at least half: otherwise long content would be moved for every piece of it.
        if (_bytes.Length - length >= Math.Max(size, _bytes.Length / 2))
        {
            _bytes.AsSpan(_start, length).CopyTo(_bytes);
            (_start, _end) = (0, length);
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(Math.Max(Least, 2L * length), (long)length + size)));
        _bytes.AsSpan(_start, length).CopyTo(larger);
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _start, _end) = (larger, 0, length);
    }
}
