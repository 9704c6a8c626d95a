using System.Text.Json;
using Bus.Core.Messages;

namespace Bus.Core.Client;

/// <summary>The last values of topics. Needs an IpcBus: on a plain NATS server nobody responds.</summary>
public static class RetainedExtensions
{
    /// <summary>What the bus keeps.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="filter">Of which topics. Default: all.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <exception cref="ArgumentException">The filter is not valid.</exception>
    /// <exception cref="NoRespondersException">It is a NATS server.</exception>
    /// <exception cref="BusDisconnectedException">The connection is down, or went down while waiting.</exception>
    public static async Task<RetainedList> ListRetainedAsync(this IBus bus, string filter = ">", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        var reply = await bus.RequestAsync<string, byte[]>(SystemTopics.Retained, Topic.ValidateFilter(filter), timeout: null, cancellationToken);
        return ParticipantExtensions.Read(() => JsonSerializer.Deserialize(reply, RetainedJson.Default.RetainedList), SystemTopics.Retained);
    }

    /// <summary>The last value of a topic.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>The value with its headers; null if nothing is retained.</returns>
    /// <exception cref="ArgumentException">The topic is not valid.</exception>
    /// <exception cref="NoRespondersException">It is a NATS server.</exception>
    /// <exception cref="BusDisconnectedException">The connection is down, or went down while waiting.</exception>
    public static async Task<BusMessage<T>?> GetRetainedAsync<T>(this IBus bus, string topic, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        try
        {
            return await bus.RequestMessageAsync<string, T>(SystemTopics.RetainedOf(topic), "", options: null, cancellationToken);
        }
        catch (RemoteErrorException e) when (e.Error == ErrorHeaders.NotRetained)
        {
            return null;
        }
    }

    /// <summary>Clears the last value of a topic. Subscribers get a message with an empty payload.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Ends the wait for the confirmation.</param>
    /// <exception cref="ArgumentException">The topic is not valid.</exception>
    /// <exception cref="BusRefusedException">It is a NATS server.</exception>
    /// <exception cref="BusDisconnectedException">The connection is down, or went down while waiting.</exception>
    public static Task ClearRetainedAsync(this IBus bus, string topic, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        return bus.PublishConfirmedAsync(topic, ReadOnlyMemory<byte>.Empty, new PublishOptions { Retain = true }, timeout: null, cancellationToken);
    }
}
