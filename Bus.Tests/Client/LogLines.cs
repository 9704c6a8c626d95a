using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Bus.Tests.Client;

/// <summary>What is logged, from the first line on: unlike an event it cannot be missed.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private readonly ConcurrentQueue<string> _all = new();

    /// <summary>All lines so far, also those that were waited for.</summary>
    public string All => string.Join('\n', _all);

    /// <summary>The next line that contains a text.</summary>
    public async Task<string> WithAsync(string text)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync())
        {
            if (line.Contains(text, StringComparison.Ordinal)) return line;
        }

        throw new InvalidOperationException($"No line with '{text}' was logged.");
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = formatter(state, exception);
        _all.Enqueue($"{line} {exception}");
        _lines.Writer.TryWrite(line);
    }

    public void Dispose() => _lines.Writer.TryComplete();
}
