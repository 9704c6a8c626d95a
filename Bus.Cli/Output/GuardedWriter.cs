using System.Text;

namespace Bus.Cli.Output;

/// <summary>
/// Stdout or stderr of which a write may fail: closed by the caller (<c>2&gt;&amp;-</c>), or a full disk. On stderr that is no reason to
/// stop: what cannot be told is not told. On stdout it is an error that names the place. Thread-safe as its target is.
/// </summary>
internal sealed class GuardedWriter(TextWriter target, bool ignoreFailures) : TextWriter(target.FormatProvider)
{
    public override Encoding Encoding => target.Encoding;

    /// <summary>Puts one before each of the console's two writers.</summary>
    public static void Install()
    {
        Console.SetOut(new GuardedWriter(Console.Out, ignoreFailures: false));
        Console.SetError(new GuardedWriter(Console.Error, ignoreFailures: true));
    }

    public override void Write(char value) => Try(() => target.Write(value));

    public override void Write(string? value) => Try(() => target.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => target.Write(buffer, index, count));

    public override void WriteLine(string? value) => Try(() => target.WriteLine(value));

    // Not on the caller's thread would be no gain: the console writes at once.
    public override Task WriteLineAsync(string? value)
    {
        try
        {
            WriteLine(value);
            return Task.CompletedTask;
        }
        catch (IOException e)
        {
            return Task.FromException(e);
        }
    }

    public override void Flush() => Try(target.Flush);

    private void Try(Action write)
    {
        WriteWatch.Begin();
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!ignoreFailures) throw StandardOutput.CannotWrite(e);
        }
        finally
        {
            WriteWatch.End();
        }
    }
}
