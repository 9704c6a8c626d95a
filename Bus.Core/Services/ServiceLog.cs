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

    // A last will, as a rule: all else that the bus publishes goes to topics that nobody can restrict.
    [LoggerMessage(3004, LogLevel.Warning, "The bus did not publish a message to '{Topic}' for a client that has left: {Reason}")]
    public static partial void NotPublished(ILogger log, string topic, string reason);
}
