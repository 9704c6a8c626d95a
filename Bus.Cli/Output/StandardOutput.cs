using Microsoft.Win32.SafeHandles;

namespace Bus.Cli.Output;

/// <summary>
/// Stdout as bytes, through one buffer, with a flush that the writer decides on. Console's own stream swallows EPIPE, so that
/// <c>ipcbus sub | head</c> would run for ever; a FileStream on the descriptor reports it, but keeps a file position of
/// its own, which is wrong for a file that several processes append to. Hence: FileStream for pipes and sockets only.
/// Not thread-safe.
/// </summary>
internal sealed class StandardOutput : IDisposable
{
    private const int StdoutDescriptor = 1;
    private const int Piece = 64 * 1024;
    private readonly Stream _stream;
    private byte[] _buffer;
    private int _length;

    public StandardOutput(Stream stream, int bufferSize = 256 * 1024)
    {
        _stream = stream;
        _buffer = new byte[bufferSize];
    }

    public static StandardOutput Open() => new(OpenStream());

    public bool IsEmpty => _length == 0;

    /// <exception cref="OutputClosedException">The reader is gone.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length - _length) Flush();
        if (bytes.Length > _buffer.Length)
        {
            WriteThrough(bytes);
            return;
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <exception cref="OutputClosedException">The reader is gone.</exception>
    public void Flush()
    {
        if (_length == 0) return;
        var length = _length;
        _length = 0;
        WriteThrough(_buffer.AsSpan(0, length));
    }

    public void Dispose()
    {
        _buffer = [];
        _stream.Dispose();
    }

    private static Stream OpenStream()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) return Console.OpenStandardOutput();
        var pipe = new FileStream(new SafeFileHandle(StdoutDescriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        if (!pipe.CanSeek) return pipe;
        pipe.Dispose();
        return Console.OpenStandardOutput();
    }

    private void WriteThrough(ReadOnlySpan<byte> bytes)
    {
        // In pieces of what a pipe holds, so that one which ends shows that somebody reads.
        for (; bytes.Length > Piece; bytes = bytes[Piece..]) WritePiece(bytes[..Piece]);
        WritePiece(bytes);
    }

    private void WritePiece(ReadOnlySpan<byte> bytes)
    {
        WriteWatch.Begin();
        try
        {
            _stream.Write(bytes);
        }
        catch (IOException e) when (IsClosed(e))
        {
            throw new OutputClosedException(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(e);
        }
        finally
        {
            WriteWatch.End();
        }
    }

    /// <summary>The same with the place: the system says only what went wrong.</summary>
    public static IOException CannotWrite(Exception e) =>
        new(e is UnauthorizedAccessException ? "stdout cannot be written to: it is closed, or open for reading only." : $"stdout cannot be written to: {e.Message}.", e);

    // EPIPE is 32 on Linux, macOS and the BSDs; .NET hands errno on in HResult. Windows: ERROR_BROKEN_PIPE, ERROR_NO_DATA.
    private static bool IsClosed(IOException e) => (e.HResult & 0xFFFF) is 32 or 109 or 232;
}
