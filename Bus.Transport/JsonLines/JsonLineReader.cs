using System.Buffers;

namespace Bus.Transport.JsonLines;

/// <summary>What <see cref="JsonLineReader.Read"/> found.</summary>
public enum JsonLineStatus
{
    /// <summary>A whole line.</summary>
    Line,

    /// <summary>No line is complete: add more bytes.</summary>
    NeedsMore,

    /// <summary>The line that has begun is longer than allowed. The reader gives no line any more: where the next one would begin is not looked for.</summary>
    TooLong,
}

/// <summary>
/// Cuts a stream of bytes into lines, however the stream was cut into pieces: a line, and a character within it, may come in many pieces, and a piece may hold many lines. A line
/// ends with a line feed; a carriage return before it belongs to the end. Write bytes into it, then call <see cref="Read"/> until it needs more. Not thread-safe.
/// </summary>
/// <example>
/// <code>
/// var reader = new JsonLineReader();
/// while ((count = await stream.ReadAsync(reader.GetMemory())) > 0)
/// {
///     reader.Advance(count);
///     while (reader.Read(out var line) == JsonLineStatus.Line) Handle(line);
/// }
/// </code>
/// </example>
/// <param name="maxLength">Bytes that a line may have, its end not counted. Default: 4 MiB.</param>
public sealed class JsonLineReader(int maxLength = JsonLineReader.DefaultMaxLength) : IBufferWriter<byte>
{
    /// <summary>The limit when none is given: 4 MiB.</summary>
    public const int DefaultMaxLength = 4 * 1024 * 1024;

    private readonly int _maxLength = maxLength > 0 ? maxLength : throw new ArgumentOutOfRangeException(nameof(maxLength), maxLength, "A line has to be allowed at least one byte.");
    private readonly ByteQueue _bytes = new();

    // So many bytes of the line that has begun are known to hold no line feed.
    private int _searched;
    private bool _isTooLong;

    /// <summary>What is left: the line that has begun, as far as it has come. Valid until bytes are added.</summary>
    public ReadOnlySpan<byte> Begun => _bytes.Unread;

    /// <summary>Room for bytes that are about to be added.</summary>
    /// <param name="sizeHint">The least that is wanted. Default: some.</param>
    public Memory<byte> GetMemory(int sizeHint = 0) => _bytes.GetMemory(sizeHint);

    /// <inheritdoc cref="GetMemory" />
    public Span<byte> GetSpan(int sizeHint = 0) => _bytes.GetSpan(sizeHint);

    /// <summary>So many bytes were written to what <see cref="GetMemory"/> or <see cref="GetSpan"/> gave.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There was no room for so many.</exception>
    public void Advance(int count) => _bytes.Advance(count);

    /// <summary>Adds a piece of the stream.</summary>
    public void Feed(ReadOnlySpan<byte> piece)
    {
        piece.CopyTo(_bytes.GetSpan(piece.Length));
        _bytes.Advance(piece.Length);
    }

    /// <summary>Takes the next line.</summary>
    /// <param name="line">The line without its end. Valid until bytes are added.</param>
    public JsonLineStatus Read(out ReadOnlySpan<byte> line)
    {
        line = default;
        if (_isTooLong) return JsonLineStatus.TooLong;
        var unread = _bytes.Unread;
        var length = unread[_searched..].IndexOf((byte)'\n');
        if (length < 0)
        {
            _searched = unread.Length;
            // One more may be the carriage return of its end.
            if (unread.Length <= (long)_maxLength + 1) return JsonLineStatus.NeedsMore;
            _isTooLong = true;
            return JsonLineStatus.TooLong;
        }

        length += _searched;
        var found = unread[..length];
        if (found is [.., (byte)'\r']) found = found[..^1];
        if (found.Length > _maxLength)
        {
            _isTooLong = true;
            return JsonLineStatus.TooLong;
        }

        line = found;
        _bytes.Consume(length + 1);
        _searched = 0;
        return JsonLineStatus.Line;
    }

    /// <summary>Holds no memory until bytes are added, if no line has begun.</summary>
    internal void Rest() => _bytes.Rest();
}
