using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Bus.Transport.Connections;

/// <summary>All that the connections log.</summary>
internal static partial class ConnectionLog
{
    [LoggerMessage(1, LogLevel.Information, "Listening on {Endpoint}")]
    public static partial void Listening(ILogger logger, string endpoint);

    [LoggerMessage(2, LogLevel.Debug, "Connection {Id} opened on {Endpoint}")]
    public static partial void Opened(ILogger logger, long id, string endpoint);

    [LoggerMessage(3, LogLevel.Debug, "Connection {Id} closed; {Count} left")]
    public static partial void Closed(ILogger logger, string id, int count);

    [LoggerMessage(4, LogLevel.Warning, "Connection {Id} is closed: {Error}")]
    public static partial void ProtocolError(ILogger logger, long id, string error);

    [LoggerMessage(5, LogLevel.Warning, "Connection {Id} is closed: it does not read what it sends itself. {Pending} bytes wait for it; the limit is {Limit}")]
    public static partial void SlowConsumer(ILogger logger, long id, long pending, long limit);

    [LoggerMessage(9, LogLevel.Warning, "Connection {Id} is closed: it reads too slowly, and held publishers back for all that it may ({Budget} s in any {Window} s). {Pending} bytes wait for it")]
    public static partial void StalledTooLong(ILogger logger, long id, double budget, double window, long pending);

    [LoggerMessage(10, LogLevel.Warning, "Connection {Id} is closed: it does not take the messages of '{Topic}' in time, and the topic wants slow subscribers to be closed. {Pending} bytes wait for it")]
    public static partial void SlowForTopic(ILogger logger, long id, string topic, long pending);

    [LoggerMessage(11, LogLevel.Warning, "{Count} messages of '{Topic}' were dropped for connection {Id}: it does not take them in time, and the topic wants nobody to wait")]
    public static partial void Dropped(ILogger logger, long id, long count, string topic);

    [LoggerMessage(6, LogLevel.Warning, "A connection on {Endpoint} is refused: {Maximum} are open, which is the limit")]
    public static partial void Refused(ILogger logger, string endpoint, int maximum);

    [LoggerMessage(8, LogLevel.Error, "Accepting on {Endpoint} failed; it goes on in a moment")]
    public static partial void AcceptFailed(ILogger logger, Exception cause, string endpoint);

    [LoggerMessage(12, LogLevel.Error, "Connection {Id} is not let in: the check of who it is failed")]
    public static partial void AuthenticationFailed(ILogger logger, Exception cause, long id);

    [LoggerMessage(13, LogLevel.Warning, "ConnectionOptions.GenerateName gave connection {Id} no name that a client can have; it is called {Name}")]
    public static partial void NoNameGenerated(ILogger logger, Exception cause, long id, string name);
}
