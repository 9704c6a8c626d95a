namespace Bus.Cli.Output;

/// <summary>
/// One line on stderr that is rewritten a few times a second: messages, megabytes, rate. Silent unless stderr is a
/// terminal. Not thread-safe.
/// </summary>
internal sealed class Progress(bool enabled, TimeProvider time, TextWriter target)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);
    private readonly long _started = time.GetTimestamp();
    private long _shown = time.GetTimestamp();
    private long _messages;
    private long _bytes;
    private bool _dirty;

    public static Progress OnTerminal() => new(!Console.IsErrorRedirected, TimeProvider.System, Console.Error);

    public void Add(int bytes)
    {
        _messages++;
        _bytes += bytes;
        // The clock is looked at once in 1,024 messages: reading it costs as much as sending one.
        if (!enabled || (_messages & 1023) != 0 || time.GetElapsedTime(_shown) < Period) return;
        _shown = time.GetTimestamp();
        Show();
    }

    /// <summary>Writes the final numbers and ends the line.</summary>
    public void Finish()
    {
        if (!enabled || _messages == 0) return;
        Show();
        target.WriteLine();
    }

    /// <summary>Ends the line if one is shown, so that an error gets a line of its own.</summary>
    public void Break()
    {
        if (_dirty) target.WriteLine();
        _dirty = false;
    }

    private void Show()
    {
        var seconds = Math.Max(time.GetElapsedTime(_started).TotalSeconds, 0.001);
        target.Write($"\r{Plural.Of(_messages, "message")}, {_bytes / 1e6:N1} MB in {seconds:N1} s ({_messages / seconds:N0}/s, {_bytes / 1e6 / seconds:N1} MB/s)  ");
        _dirty = true;
    }
}
