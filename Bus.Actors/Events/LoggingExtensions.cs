#nullable disable
namespace Bus.Actors;

/// <summary>Logging by severity. A format has numbered placeholders, as in <see cref="string.Format(string, object)"/>; nothing is formatted if the severity is off.</summary>
public static class LoggingExtensions
{
    /// <summary>Publishes a debug event.</summary>
    /// <param name="log">The logger.</param>
    /// <param name="format">The text.</param>
    public static void Debug(this ILoggingAdapter log, string format) => log.Log(LogLevel.DebugLevel, null, format);

    /// <summary>Publishes a debug event.</summary>
    /// <param name="log">The logger.</param>
    /// <param name="cause">The exception that it is about.</param>
    /// <param name="format">The text.</param>
    public static void Debug(this ILoggingAdapter log, Exception cause, string format) => log.Log(LogLevel.DebugLevel, cause, format);

    /// <summary>Publishes a debug event.</summary>
    /// <typeparam name="T1">The type of the value.</typeparam>
    /// <param name="log">The logger.</param>
    /// <param name="format">The format.</param>
    /// <param name="arg1">The value of the placeholder.</param>
    public static void Debug<T1>(this ILoggingAdapter log, string format, T1 arg1) => Format(log, LogLevel.DebugLevel, null, format, arg1);

    /// <summary>Publishes a debug event.</summary>
    /// <typeparam name="T1">The type of the value.</typeparam>
    /// <param name="log">The logger.</param>
    /// <param name="cause">The exception that it is about.</param>
    /// <param name="format">The format.</param>
    /// <param name="arg1">The value of the placeholder.</param>
    public static void Debug<T1>(this ILoggingAdapter log, Exception cause, string format, T1 arg1) => Format(log, LogLevel.DebugLevel, cause, format, arg1);

    /// <summary>Publishes a debug event.</summary>
    /// <param name="log">The logger.</param>
    /// <param name="format">The format.</param>
    /// <param name="args">The values of the placeholders.</param>
    public static void Debug(this ILoggingAdapter log, string format, object[] args) => Format(log, LogLevel.DebugLevel, null, format, args);

    /// <summary>Publishes a debug event.</summary>
    /// <param name="log">The logger.</param>
    /// <param name="cause">The exception that it is about.</param>
    /// <param name="format">The format.</param>
    /// <param name="args">The values of the placeholders.</param>
    public static void Debug(this ILoggingAdapter log, Exception cause, string format, object[] args) => Format(log, LogLevel.DebugLevel, cause, format, args);

    /// <summary>Publishes an info event.</summary>
    /// <param name="log">The logger.</param>
    /// <param name="format">The text.</param>
    public static void Info(this ILoggingAdapter log, string format) => log.Log(LogLevel.InfoLevel, null, format);

    /// <summary>Publishes an info event.</summary>
    /// <param name="log">The logger.</param>
    /// <param name="cause">The exception that it is about.</param>
    /// <param name="format">The text.</param>
    public static void Info(this ILoggingAdapter log, Exception cause, string format) => log.Log(LogLevel.InfoLevel, cause, format);

    /// <summary>Publishes an info event.</summary>
    /// <typeparam name="T1">The type of the value.</typeparam>
    /// <param name="log">The logger.</param>
    /// <param name="format">The format.</param>
    /// <param name="arg1">The value of the placeholder.</param>
    public static void Info<T1>(this ILoggingAdapter log, string format, T1 arg1) => Format(log, LogLevel.InfoLevel, null, format, arg1);

    /// <summary>Publishes an info event.</summary>
    /// <typeparam name="T1">The type of the value.</typeparam>
    /// <param name="log">The logger.</param>
    /// <param name="cause">The exception that it is about.</param>
    /// <param name="format">The format.</param>
    /// <param name="arg1">The value of the placeholder.</param>
    public static void Info<T1>(this ILoggingAdapter log, Exception cause, string format, T1 arg1) => Format(log, LogLevel.InfoLevel, cause, format, arg1);

    /// <summary>Publishes an info event.</summary>
    /// <param name="log">The logger.</param>
    /// <param name="format">The format.</param>
    /// <param name="args">The values of the placeholders.</param>
    public static void Info(this ILoggingAdapter log, string format, object[] args) => Format(log, LogLevel.InfoLevel, null, format, args);

    /// <summary>Publishes an info event.</summary>
    /// <param name="log">The logger.</param>
    /// <param name="cause">The exception that it is about.</param>
    /// <param name="format">The format.</param>
    /// <param name="args">The values of the placeholders.</param>
    public static void Info(this ILoggingAdapter log, Exception cause, string format, object[] args) => Format(log, LogLevel.InfoLevel, cause, format, args);

    /// <summary>Publishes a warning.</summary>
    /// <param name="log">The logger.</param>
    /// <param name="format">The text.</param>
    public static void Warning(this ILoggingAdapter log, string format) => log.Log(LogLevel.WarningLevel, null, format);

    /// <summary>Publishes a warning.</summary>
    /// <param name="log">The logger.</param>
    /// <param name="cause">The exception that it is about.</param>
    /// <param name="format">The text.</param>
    public static void Warning(this ILoggingAdapter log, Exception cause, string format) => log.Log(LogLevel.WarningLevel, cause, format);

    /// <summary>Publishes a warning.</summary>
    /// <typeparam name="T1">The type of the value.</typeparam>
    /// <param name="log">The logger.</param>
    /// <param name="format">The format.</param>
    /// <param name="arg1">The value of the placeholder.</param>
    public static void Warning<T1>(this ILoggingAdapter log, string format, T1 arg1) => Format(log, LogLevel.WarningLevel, null, format, arg1);

    /// <summary>Publishes a warning.</summary>
    /// <typeparam name="T1">The type of the value.</typeparam>
    /// <param name="log">The logger.</param>
    /// <param name="cause">The exception that it is about.</param>
    /// <param name="format">The format.</param>
    /// <param name="arg1">The value of the placeholder.</param>
    public static void Warning<T1>(this ILoggingAdapter log, Exception cause, string format, T1 arg1) => Format(log, LogLevel.WarningLevel, cause, format, arg1);

    /// <summary>Publishes a warning.</summary>
    /// <param name="log">The logger.</param>
    /// <param name="format">The format.</param>
    /// <param name="args">The values of the placeholders.</param>
    public static void Warning(this ILoggingAdapter log, string format, object[] args) => Format(log, LogLevel.WarningLevel, null, format, args);

    /// <summary>Publishes a warning.</summary>
    /// <param name="log">The logger.</param>
    /// <param name="cause">The exception that it is about.</param>
    /// <param name="format">The format.</param>
    /// <param name="args">The values of the placeholders.</param>
    public static void Warning(this ILoggingAdapter log, Exception cause, string format, object[] args) => Format(log, LogLevel.WarningLevel, cause, format, args);

    /// <summary>Publishes an error.</summary>
    /// <param name="log">The logger.</param>
    /// <param name="format">The text.</param>
    public static void Error(this ILoggingAdapter log, string format) => log.Log(LogLevel.ErrorLevel, null, format);

    /// <summary>Publishes an error.</summary>
    /// <param name="log">The logger.</param>
    /// <param name="cause">The exception that it is about.</param>
    /// <param name="format">The text.</param>
    public static void Error(this ILoggingAdapter log, Exception cause, string format) => log.Log(LogLevel.ErrorLevel, cause, format);

    /// <summary>Publishes an error.</summary>
    /// <typeparam name="T1">The type of the value.</typeparam>
    /// <param name="log">The logger.</param>
    /// <param name="format">The format.</param>
    /// <param name="arg1">The value of the placeholder.</param>
    public static void Error<T1>(this ILoggingAdapter log, string format, T1 arg1) => Format(log, LogLevel.ErrorLevel, null, format, arg1);

    /// <summary>Publishes an error.</summary>
    /// <typeparam name="T1">The type of the value.</typeparam>
    /// <param name="log">The logger.</param>
    /// <param name="cause">The exception that it is about.</param>
    /// <param name="format">The format.</param>
    /// <param name="arg1">The value of the placeholder.</param>
    public static void Error<T1>(this ILoggingAdapter log, Exception cause, string format, T1 arg1) => Format(log, LogLevel.ErrorLevel, cause, format, arg1);

    /// <summary>Publishes an error.</summary>
    /// <param name="log">The logger.</param>
    /// <param name="format">The format.</param>
    /// <param name="args">The values of the placeholders.</param>
    public static void Error(this ILoggingAdapter log, string format, object[] args) => Format(log, LogLevel.ErrorLevel, null, format, args);

    /// <summary>Publishes an error.</summary>
    /// <param name="log">The logger.</param>
    /// <param name="cause">The exception that it is about.</param>
    /// <param name="format">The format.</param>
    /// <param name="args">The values of the placeholders.</param>
    public static void Error(this ILoggingAdapter log, Exception cause, string format, object[] args) => Format(log, LogLevel.ErrorLevel, cause, format, args);

    private static void Format(ILoggingAdapter log, LogLevel level, Exception cause, string format, params object[] args)
    {
        if (log.IsEnabled(level)) log.Log(level, cause, string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args));
    }
}
