using Bus.Core.Client;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Bus.Core.Endpoint;

/// <summary>Everything that Bus.Core logs. Event ids 1000 to 1999.</summary>
internal static partial class BusLog
{
    [LoggerMessage(1000, LogLevel.Information, "Bus '{Name}' started.")]
    public static partial void Started(ILogger log, string name);

    [LoggerMessage(1001, LogLevel.Information, "Bus '{Name}' stopped.")]
    public static partial void Stopped(ILogger log, string name);

    [LoggerMessage(1002, LogLevel.Warning, "Stopping a part of the bus failed; the rest is stopped all the same.")]
    public static partial void StopFailed(ILogger log, Exception error);

    [LoggerMessage(1003, LogLevel.Warning, "Closing '{Name}' did not wait longer than {Seconds} s: a handler does not end.")]
    public static partial void CloseTimedOut(ILogger log, string name, double seconds);

    [LoggerMessage(1010, LogLevel.Error, "The handler of the subscription to '{Filters}' failed; its policy: {Action}.")]
    public static partial void HandlerFailed(ILogger log, string filters, FailureAction action, Exception error);

    [LoggerMessage(1011, LogLevel.Error, "The subscription to '{Filters}' ended because its handler failed more often than its policy allows.")]
    public static partial void SubscriptionFailed(ILogger log, string filters, Exception? error);

    [LoggerMessage(1013, LogLevel.Warning, "The subscription to '{Filters}' has taken no message for {Seconds} s while {Pending} wait: what does not fit is dropped until it goes on.")]
    public static partial void SubscriptionStuck(ILogger log, string filters, double seconds, long pending);

    [LoggerMessage(1014, LogLevel.Warning, "A message told to the topic '{Topic}' was not published: {Reason}")]
    public static partial void NotPublished(ILogger log, string topic, string reason);

    [LoggerMessage(1015, LogLevel.Warning, "What an actor answered to a request on '{Topic}' could not be sent.")]
    public static partial void ReplyFailed(ILogger log, string topic, Exception error);

    [LoggerMessage(1016, LogLevel.Warning, "The subscription to '{Filters}' has dropped {Count} messages ({Policy}): its consumer is slower than what arrives.")]
    public static partial void Dropped(ILogger log, string filters, long count, SubscriptionOverflow policy);

    [LoggerMessage(1017, LogLevel.Warning, "A handler of {Request} failed behind the answer of the router '{Service}'.")]
    public static partial void RouteFailedLate(ILogger log, string request, string service, Exception error);

    [LoggerMessage(1018, LogLevel.Warning, "The error with which a call of '{Topic}' has ended could not be sent.")]
    public static partial void AnswerFailed(ILogger log, string topic, Exception error);

    [LoggerMessage(1012, LogLevel.Error, "An event handler threw an exception.")]
    public static partial void EventHandlerFailed(ILogger log, Exception error);

    [LoggerMessage(1016, LogLevel.Warning, "{Waiting} events of the bus wait for a handler that does not end; those that come now are dropped.")]
    public static partial void EventsDropped(ILogger log, int waiting);

    [LoggerMessage(1020, LogLevel.Error, "{Source}: {Message}")]
    public static partial void ActorError(ILogger log, string source, string message, Exception? error);

    [LoggerMessage(1021, LogLevel.Warning, "{Source}: {Message}")]
    public static partial void ActorWarning(ILogger log, string source, string message, Exception? error);

    [LoggerMessage(1022, LogLevel.Debug, "{Source}: {Message}")]
    public static partial void ActorInfo(ILogger log, string source, string message, Exception? error);
}
