using System.Text.Json;
using Bus.Core.Presence;

namespace Bus.Core.Client;

/// <summary>Who is on a bus, and what one can do with a name. Needs an IpcBus: on a plain NATS server nobody responds.</summary>
public static class ParticipantExtensions
{
    /// <summary>Everybody who is on the bus now, by name.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <exception cref="NoRespondersException">It is a NATS server, which does not know.</exception>
    /// <exception cref="BusDisconnectedException">The connection is down, or went down while waiting.</exception>
    public static async Task<IReadOnlyList<BusParticipant>> GetClientsAsync(this IBus bus, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        var reply = await bus.RequestAsync<string, byte[]>(SystemTopics.Clients, "", timeout: null, cancellationToken);
        return Read(() => JsonSerializer.Deserialize(reply, PresenceJson.Default.ParticipantList)?.Clients, SystemTopics.Clients);
    }

    /// <summary>
    /// Lets the bus ping everybody who is on it, plain NATS clients too, and tells how long each took to answer. Whoever is frozen or gone has no latency.
    /// </summary>
    /// <param name="bus">The bus.</param>
    /// <param name="timeout">How long to wait for the slowest: from a millisecond to a minute. Default: 2 seconds.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>Everybody who was on the bus, by name.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is out of range.</exception>
    /// <exception cref="NoRespondersException">It is a NATS server, which does not know.</exception>
    /// <exception cref="RemoteErrorException">Too many do this at the moment.</exception>
    /// <exception cref="BusDisconnectedException">The connection is down, or went down while waiting.</exception>
    public static async Task<IReadOnlyList<ClientPing>> PingAllAsync(this IBus bus, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        var limit = timeout ?? PingQuestion.StandardTimeout;
        if (limit < PingQuestion.LeastTimeout || limit > PingQuestion.MostTimeout) throw new ArgumentOutOfRangeException(nameof(timeout), limit, $"The timeout of a ping is {limit}: it has to be from a millisecond to a minute.");
        var question = JsonSerializer.SerializeToUtf8Bytes(new PingQuestion { TimeoutMs = limit.TotalMilliseconds }, PresenceJson.Default.PingQuestion);
        var reply = await bus.RequestAsync<byte[], byte[]>(SystemTopics.Ping, question, limit + RequestOptions.DefaultTimeout, cancellationToken);
        return Read(() => JsonSerializer.Deserialize(reply, PresenceJson.Default.PingList)?.Pings, SystemTopics.Ping);
    }

    /// <summary>The answer of a bus that is newer or older than this client may not be what it expects.</summary>
    internal static T Read<T>(Func<T?> read, string topic)
        where T : class
    {
        try
        {
            return read() ?? throw new PayloadFormatException("The bus answered with null.", topic);
        }
        catch (JsonException e)
        {
            throw new PayloadFormatException($"The answer of the bus cannot be read: {e.Message} It may be of another version.", topic, e);
        }
    }
}
