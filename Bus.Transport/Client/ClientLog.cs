using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Bus.Transport.Client;

/// <summary>All that the client logs.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(2001, LogLevel.Information, "Connected to {Endpoint} ({Server} {Version})")]
    public static partial void Connected(ILogger log, string endpoint, string server, string version);

    [LoggerMessage(2002, LogLevel.Warning, "The connection to {Endpoint} is lost: {Reason} Reconnecting in {Delay}")]
    public static partial void Lost(ILogger log, string endpoint, string reason, TimeSpan delay);

    [LoggerMessage(2003, LogLevel.Error, "Reconnecting to {Endpoint} is given up after {Attempts} attempts")]
    public static partial void GivenUp(ILogger log, string endpoint, int attempts);

    [LoggerMessage(2004, LogLevel.Warning, "The bus at {Endpoint} says: {Text}")]
    public static partial void ServerError(ILogger log, string endpoint, string text);
}
