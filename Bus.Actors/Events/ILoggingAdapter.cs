#nullable disable
namespace Bus.Actors;

/// <summary>Publishes log events with a fixed source. Thread-safe.</summary>
public interface ILoggingAdapter
{
    /// <summary>Whether debug events are published.</summary>
    bool IsDebugEnabled { get; }

    /// <summary>Whether info events are published.</summary>
    bool IsInfoEnabled { get; }

    /// <summary>Whether warnings are published.</summary>
    bool IsWarningEnabled { get; }

    /// <summary>Whether errors are published.</summary>
    bool IsErrorEnabled { get; }

    /// <summary>Whether events of a severity are published.</summary>
    /// <param name="logLevel">The severity.</param>
    /// <returns>Whether they are published.</returns>
    bool IsEnabled(LogLevel logLevel);

    /// <summary>Publishes an event if its severity is enabled.</summary>
    /// <param name="logLevel">The severity.</param>
    /// <param name="cause">The exception that it is about, or null.</param>
    /// <param name="format">The text, taken as it is.</param>
    void Log(LogLevel logLevel, Exception cause, string format);
}
