#nullable disable
namespace Bus.Actors;

/// <summary>A log entry for the operator.</summary>
public sealed class Info : LogEvent
{
    /// <summary>An entry.</summary>
    /// <param name="logSource">Where it comes from.</param>
    /// <param name="logClass">The class that it comes from.</param>
    /// <param name="message">The text.</param>
    public Info(string logSource, Type logClass, object message)
        : base(null, logSource, logClass, message)
    {
    }

    /// <summary>An entry about an exception.</summary>
    /// <param name="cause">The exception.</param>
    /// <param name="logSource">Where it comes from.</param>
    /// <param name="logClass">The class that it comes from.</param>
    /// <param name="message">The text.</param>
    public Info(Exception cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Actors.LogLevel.InfoLevel;
}
