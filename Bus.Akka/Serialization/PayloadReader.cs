namespace Bus.Akka.Serialization;

/// <summary>A payload as the stream that Hyperion reads. At its end it fails, where Hyperion would take -1 for a value.</summary>
internal sealed class PayloadReader(ReadOnlyMemory<byte> payload) : Stream
{
    private readonly StackGuard _guard = StackGuard.Here();
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => payload.Length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int ReadByte()
    {
        _guard.Check();
        if (_position == payload.Length) throw new EndOfStreamException("The payload ends in the middle of a value.");
        return payload.Span[_position++];
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        _guard.Check();
        var taken = Math.Min(count, payload.Length - _position);
        payload.Span.Slice(_position, taken).CopyTo(buffer.AsSpan(offset));
        _position += taken;
        return taken;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
