using System.Text;

namespace Bus.Cli.Input;

/// <summary>Where a payload comes from: the command line, a file, or stdin.</summary>
/// <param name="Argument">The argument; null when there is none, <c>-</c> for stdin.</param>
/// <param name="File">The file; null when none was named.</param>
internal sealed record PayloadSource(string? Argument, string? File)
{
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

    /// <summary>Reads all of it as one payload.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        if (Argument is not null and not "-" && File is null) return Encoding.UTF8.GetBytes(Argument);
        await using var input = Open();
        using var buffer = new MemoryStream();
        await input.CopyToAsync(buffer, CancellationToken.None).WaitAsync(cancellationToken);
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
