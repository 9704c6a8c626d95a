using System.Text;

namespace Bus.Cli.Input;

/// <summary>Where a payload comes from: the command line, a file, or stdin.</summary>
/// <param name="Argument">The argument; null when there is none, <c>-</c> for stdin.</param>
/// <param name="File">The file; null when none was named.</param>
internal sealed record PayloadSource(string? Argument, string? File)
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Opens the file or stdin.</summary>
    /// <exception cref="IOException">The caller closed stdin.</exception>
    public Stream Open()
    {
        // Buffering is LineReader's business.
        if (File is not null) return new FileStream(File, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan | FileOptions.Asynchronous });
        var input = StandardInput.Open();
        if (!Console.IsInputRedirected) Console.Error.WriteLine("ipcbus: reading from the terminal; Ctrl-D ends the input.");
        return input;
    }

    /// <summary>Reads all of it as one payload. Input may be endless: what is too large is refused as soon as that is known.</summary>
    /// <exception cref="InvalidDataException">It is larger than the limit.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(int limit, CancellationToken cancellationToken)
    {
        if (Argument is not null and not "-" && File is null) return Encoding.UTF8.GetBytes(Argument);
        await using var input = Open();
        using var payload = new MemoryStream();
        var buffer = new byte[BufferSize];
        while (payload.Length <= limit)
        {
            // The console's input cannot be cancelled once a read waits: leave it behind instead, the process is about to end.
            var read = await ReadAsync(input, buffer.AsMemory(0, (int)Math.Min(BufferSize, limit + 1L - payload.Length))).WaitAsync(cancellationToken);
            if (read == 0) break;
            await payload.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None);
        }

        if (payload.Length > limit) throw TooLarge(input, limit);
        return payload.GetBuffer().AsMemory(0, (int)payload.Length);
    }

    /// <summary>The system's error with its place: it says only what went wrong.</summary>
    public IOException CannotRead(Exception e) => new($"{(File is null ? "stdin" : $"'{File}'")} cannot be read: {e.Message.TrimEnd('.')}. Give a file or a pipe that can.", e);

    private InvalidDataException TooLarge(Stream input, int limit)
    {
        // Only a file says how long it is, and one of /proc says that it is empty.
        var size = File is not null && input.CanSeek && input.Length > limit ? $"{input.Length:N0} bytes" : $"more than {limit:N0} bytes";
        return new($"{(File is null ? "stdin" : $"'{File}'")} has {size}; this bus allows {limit:N0} in a message. Send it in parts, or raise the limit of the bus.");
    }

    private async Task<int> ReadAsync(Stream input, Memory<byte> buffer)
    {
        try
        {
            return await input.ReadAsync(buffer, CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotRead(e);
        }
    }
}
