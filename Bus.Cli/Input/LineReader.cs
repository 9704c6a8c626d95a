namespace Bus.Cli.Input;

/// <summary>
/// Cuts a stream into lines without ever making text of them: any bytes go through, invalid UTF-8 too. A line ends at LF,
/// which is not part of it; a CR before it is. The last line need not end. A line stays valid until the next fill.
/// </summary>
internal sealed class LineReader(Stream input, int bufferSize = LineReader.DefaultBufferSize)
{
    /// <summary>Reads from a pipe return at most 64 KiB; files fill more of it.</summary>
    public const int DefaultBufferSize = 256 * 1024;

    /// <summary>A line longer than this is taken for something that is not text at all.</summary>
    public const int MaxLine = 64 * 1024 * 1024;

    private byte[] _buffer = new byte[bufferSize];
    private int _start;
    private int _scanned;
    private int _end;
    private bool _ended;

    /// <summary>Lines handed out so far.</summary>
    public long Count { get; private set; }

    /// <summary>The next line of what has been read.</summary>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        var found = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
        if (found >= 0)
        {
            line = _buffer.AsMemory(_start, _scanned + found - _start);
            _start = _scanned = _scanned + found + 1;
            Count++;
            return true;
        }

        _scanned = _end;
        line = default;
        if (!_ended || _start == _end) return false;
        line = _buffer.AsMemory(_start, _end - _start);
        _start = _end;
        Count++;
        return true;
    }

    /// <summary>Reads more.</summary>
    /// <returns>False when the input has ended and all lines are handed out.</returns>
    /// <exception cref="InvalidDataException">A line is longer than <see cref="MaxLine"/>.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_ended) return _start < _end;
        MakeRoom();
        // The console's input cannot be cancelled once a read waits: leave it behind instead, the process is about to end.
        var read = await input.ReadAsync(_buffer.AsMemory(_end), CancellationToken.None).AsTask().WaitAsync(cancellationToken);
        if (read == 0) _ended = true;
        _end += read;
        return !_ended || _start < _end;
    }

    private void MakeRoom()
    {
        var length = _end - _start;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, length).CopyTo(_buffer);
            _scanned -= _start;
            _start = 0;
            _end = length;
        }

        if (_end < _buffer.Length) return;
        if (_buffer.Length >= MaxLine) throw new InvalidDataException($"Line {Count + 1:N0} is longer than {MaxLine >> 20} MiB: this is not a text file with lines. Without --lines the whole input is one message.");
        Array.Resize(ref _buffer, _buffer.Length * 2);
    }
}
