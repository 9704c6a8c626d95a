using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Bus.Core.Hosting;

/// <summary>The loggers of a bus, and beside them an event for everything that it logs, whatever level the loggers are set to. Without handlers it costs nothing.</summary>
internal sealed class ObservedLoggers(ILoggerFactory inner, TimeProvider time) : ILoggerFactory
{
    public Action<BusLoggedEventArgs>? Logged { get; set; }

    public ILogger CreateLogger(string categoryName) => new Logger(inner.CreateLogger(categoryName), categoryName, this, time);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
        // The factory is its owner's.
    }

    private sealed class Logger(ILogger inner, string category, ObservedLoggers owner, TimeProvider time) : ILogger
    {
        // What a handler of events does wrong is logged too: told to it, it might do it again and again.
        private static readonly HashSet<string> Untold = new(StringComparer.Ordinal) { nameof(Endpoint.BusLog.EventHandlerFailed), nameof(Endpoint.BusLog.EventsDropped) };

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel) || (owner.Logged is not null && logLevel is >= LogLevel.Debug and < LogLevel.None);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (inner.IsEnabled(logLevel)) inner.Log(logLevel, eventId, state, exception, formatter);
            if (owner.Logged is not { } tell || logLevel < LogLevel.Debug || (eventId.Name is { } name && Untold.Contains(name))) return;
            tell(new BusLoggedEventArgs(time.GetUtcNow(), logLevel, category, eventId, formatter(state, exception), exception));
        }
    }
}
