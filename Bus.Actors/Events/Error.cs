#nullable disable
namespace Bus.Actors;

/// <summary>A log entry about a failure.</summary>
public sealed class Error : LogEvent
{
    /// <summary>An entry about an exception.</summary>
    /// <param name="cause">The exception.</param>
    /// <param name="logSource">Where it comes from.</param>
    /// <param name="logClass">The class that it comes from.</param>
    /// <param name="message">The text.</param>
    public Error(Exception cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Actors.LogLevel.ErrorLevel;
}
