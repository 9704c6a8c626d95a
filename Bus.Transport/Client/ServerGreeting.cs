using System.Text;
using Bus.Core.Client;
using Bus.Transport.Endpoints;
using Bus.Transport.Nats;

namespace Bus.Transport.Client;

/// <summary>What a bus or NATS server says of itself to whoever connects, before any login.</summary>
public static class ServerGreeting
{
    // nats-server's own is about 500 bytes; one that sends this much without a line end is no server of this protocol.
    private const int Limit = 64 * 1024;

    /// <summary>Connects, reads the greeting and hangs up.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="cancellationToken">Ends the wait; a server that is there answers at once.</param>
    /// <returns>The JSON object of its INFO line, unchanged.</returns>
    /// <exception cref="BusEndpointException">Nobody listens there, or the connection failed.</exception>
    /// <exception cref="BusConnectException">Somebody listens there who does not speak the NATS protocol.</exception>
    public static async Task<string> ReadAsync(BusEndpoint endpoint, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        using var channel = await Dialer.ConnectAsync(endpoint, cancellationToken);
        var buffer = new byte[Limit];
        var length = 0;
        while (length < Limit)
        {
            var read = await channel.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0) break;
            length += read;
            var end = buffer.AsSpan(0, length).IndexOf("\r\n"u8);
            if (end < 0) continue;
            if (!buffer.AsSpan(0, end).StartsWith("INFO "u8)) break;
            var json = buffer.AsSpan("INFO ".Length..end);
            return NatsJson.TryReadInfo(json, out _) ? Encoding.UTF8.GetString(json).Trim() : throw ClientErrors.BadInfo(endpoint);
        }

        throw ClientErrors.NoBus(endpoint);
    }
}
