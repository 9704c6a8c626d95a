#nullable disable
namespace Bus.Actors;

/// <summary>Severities of log events.</summary>
public enum LogLevel
{
    /// <summary>For finding errors in the program.</summary>
    DebugLevel = 0,

    /// <summary>For the operator, nothing is wrong.</summary>
    InfoLevel = 1,

    /// <summary>Something is not as it should be, and the program copes.</summary>
    WarningLevel = 2,

    /// <summary>Something failed.</summary>
    ErrorLevel = 3,
}

/// <summary>A log entry as an event. Hosts subscribe to it on the event stream and bridge it to their logger.</summary>
public abstract class LogEvent
{
    private protected LogEvent(Exception cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }

    /// <summary>The exception that it is about, or null.</summary>
    public Exception Cause { get; protected set; }

    /// <summary>When it was made, in UTC.</summary>
    public DateTime Timestamp { get; } = TimeProvider.System.GetUtcNow().UtcDateTime;

    /// <summary>The thread that made it.</summary>
    public Thread Thread { get; } = Thread.CurrentThread;

    /// <summary>Where it comes from, usually the path of an actor.</summary>
    public string LogSource { get; protected set; }

    /// <summary>The class that it comes from.</summary>
    public Type LogClass { get; protected set; }

    /// <summary>The text.</summary>
    public object Message { get; protected set; }

    /// <summary>The severity.</summary>
    /// <returns>The severity.</returns>
    public abstract LogLevel LogLevel();

    /// <inheritdoc/>
    public override string ToString() => $"[{GetType().Name.ToUpperInvariant()}][{Timestamp:o}][{LogSource}] {Message}{(Cause is null ? "" : Environment.NewLine + Cause)}";
}
