#nullable disable
namespace Bus.Actors;

/// <summary>Makes loggers.</summary>
public static class Logging
{
    /// <summary>A logger whose source is the path of the actor.</summary>
    /// <param name="context">The actor's context.</param>
    /// <returns>The logger.</returns>
    public static ILoggingAdapter GetLogger(this IActorContext context)
    {
        var cell = (ActorCell)context;
        return new BusLogging(cell.System.EventStream, cell.Self.Path.ToString(), cell.Props.Type);
    }

    /// <summary>A logger with a source of one's own.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="logSourceObj">A text, a type, an actor's reference or any object, which stands for its type.</param>
    /// <returns>The logger.</returns>
    public static ILoggingAdapter GetLogger(ActorSystem system, object logSourceObj) => logSourceObj switch
    {
        string text => new BusLogging(system.EventStream, $"{text}({system})", typeof(string)),
        Type type => new BusLogging(system.EventStream, $"{type.Name}({system})", type),
        IActorRef actor => new BusLogging(system.EventStream, actor.Path.ToString(), actor.GetType()),
        _ => new BusLogging(system.EventStream, $"{logSourceObj.GetType().Name}({system})", logSourceObj.GetType()),
    };
}

/// <summary>A logger that publishes on the event stream.</summary>
internal sealed class BusLogging(EventStream stream, string source, Type logClass) : ILoggingAdapter
{
    public bool IsDebugEnabled => IsEnabled(LogLevel.DebugLevel);

    public bool IsInfoEnabled => IsEnabled(LogLevel.InfoLevel);

    public bool IsWarningEnabled => IsEnabled(LogLevel.WarningLevel);

    public bool IsErrorEnabled => IsEnabled(LogLevel.ErrorLevel);

    public bool IsEnabled(LogLevel logLevel) => logLevel >= stream.LogLevel;

    public void Log(LogLevel logLevel, Exception cause, string format)
    {
        if (!IsEnabled(logLevel)) return;
        stream.Publish(logLevel switch
        {
            LogLevel.DebugLevel => new Debug(cause, source, logClass, format),
            LogLevel.InfoLevel => new Info(cause, source, logClass, format),
            LogLevel.WarningLevel => new Warning(cause, source, logClass, format),
            _ => (LogEvent)new Error(cause, source, logClass, format),
        });
    }
}
