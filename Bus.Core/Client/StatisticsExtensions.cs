using System.Text.Json;

namespace Bus.Core.Client;

/// <summary>What a bus has at the moment. Needs an IpcBus: on a plain NATS server nobody responds.</summary>
public static class StatisticsExtensions
{
    /// <summary>Counts of connections, subscriptions, memory and more.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <exception cref="NoRespondersException">It is a NATS server.</exception>
    /// <exception cref="BusDisconnectedException">The connection is down, or went down while waiting.</exception>
    public static async Task<BusStatistics> GetStatisticsAsync(this IBus bus, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        var reply = await bus.RequestAsync<string, byte[]>(SystemTopics.Statistics, "", timeout: null, cancellationToken);
        return ParticipantExtensions.Read(() => JsonSerializer.Deserialize(reply, StatisticsJson.Default.BusStatistics), SystemTopics.Statistics);
    }
}
