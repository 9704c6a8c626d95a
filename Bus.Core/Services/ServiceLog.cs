using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Bus.Core.Services;

/// <summary>All that the services of the bus log.</summary>
internal static partial class ServiceLog
{
    [LoggerMessage(3001, LogLevel.Error, "The bus failed on a request on '{Topic}'")]
    public static partial void RequestFailed(ILogger log, string topic, Exception error);

    [LoggerMessage(3002, LogLevel.Information, "{Client} joined: {Description}")]
    public static partial void Joined(ILogger log, string client, Presence.Participant description);

    [LoggerMessage(3003, LogLevel.Information, "{Client} left: {Reason}")]
    public static partial void Left(ILogger log, string client, Presence.LeaveReason reason);

    // A last will, or an answer whose reply-to is no inbox: all else that the bus publishes goes to topics that nobody can restrict.
    [LoggerMessage(3004, LogLevel.Warning, "The bus did not publish a message to '{Topic}', a last will or an answer to a request: {Reason}")]
    public static partial void NotPublished(ILogger log, string topic, string reason);

    [LoggerMessage(3005, LogLevel.Warning, "The bus did not publish {Count} more messages, the last of them to '{Topic}': {Reason}")]
    public static partial void MoreNotPublished(ILogger log, int count, string topic, string reason);
}
