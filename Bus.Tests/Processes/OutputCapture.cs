using System.Buffers;
using System.Text;

namespace Bus.Tests.Processes;

/// <summary>Everything that a stream delivers, kept as bytes, and a way to wait for a text in it. Thread-safe.</summary>
internal sealed class OutputCapture
{
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly List<(string Text, TaskCompletionSource<string> Found)> _waiting = [];

    public OutputCapture(Stream stream) => Ended = Task.Run(() => ReadAsync(stream));

    /// <summary>Completes when the stream has ended.</summary>
    public Task Ended { get; }

    public byte[] Bytes
    {
        get
        {
            lock (_lock) return _bytes.WrittenSpan.ToArray();
        }
    }

    public string Text => Encoding.UTF8.GetString(Bytes);

    public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Waits until the text appears.</summary>
    /// <returns>The first complete line that holds it.</returns>
    public Task<string> WaitForAsync(string text)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (LineWith(text) is { } line) return Task.FromResult(line);
            if (Ended is { IsCompleted: true }) return Task.FromException<string>(NeverCame(text));
            _waiting.Add((text, found));
        }

        return found.Task.WaitAsync(ToolProcess.Guard);
    }

    private async Task ReadAsync(Stream stream)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            lock (_lock)
            {
                _bytes.Write(buffer.AsSpan(0, read));
                for (var i = _waiting.Count - 1; i >= 0; i--)
                {
                    if (LineWith(_waiting[i].Text) is not { } line) continue;
                    _waiting[i].Found.TrySetResult(line);
                    _waiting.RemoveAt(i);
                }
            }
        }

        lock (_lock)
        {
            foreach (var (text, found) in _waiting) found.TrySetException(NeverCame(text));
        }
    }

    private string? LineWith(string text)
    {
        var all = Encoding.UTF8.GetString(_bytes.WrittenSpan);
        var at = all.IndexOf(text, StringComparison.Ordinal);
        if (at < 0) return null;
        var end = all.IndexOf('\n', at);
        return end < 0 ? null : all[(all.LastIndexOf('\n', at) + 1)..end];
    }

    private InvalidOperationException NeverCame(string text) =>
        new($"The process ended its output without '{text}'. It wrote: {Encoding.UTF8.GetString(_bytes.WrittenSpan)}");
}
