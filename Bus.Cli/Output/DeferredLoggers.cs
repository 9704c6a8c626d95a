using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Bus.Cli.Output;

/// <summary>
/// Makes the loggers' console, with its thread, container and options, when there is a first line to log: a daemon that has nothing to say is ready
/// sooner and smaller without them. Thread-safe.
/// </summary>
internal sealed class DeferredLoggers(LogLevel minimum, Func<ILoggerFactory> create) : ILoggerFactory
{
    private readonly ConcurrentDictionary<string, ILogger> _loggers = new(StringComparer.Ordinal);
    private readonly Lazy<ILoggerFactory> _real = new(create);

    private LogLevel Minimum => minimum;

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, static (name, factory) => new Deferred(name, factory), this);

    public void AddProvider(ILoggerProvider provider) => _real.Value.AddProvider(provider);

    public void Dispose()
    {
        if (_real.IsValueCreated) _real.Value.Dispose();
    }

    private sealed class Deferred(string name, DeferredLoggers factory) : ILogger
    {
        private ILogger Real => field ??= factory._real.Value.CreateLogger(name);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => Real.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= factory.Minimum && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Real.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
