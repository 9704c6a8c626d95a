using System.Runtime.CompilerServices;
using System.Text.Json;
using Bus.Core.Client;
using Bus.Core.Presence;

namespace Bus.Core.Rpc;

/// <summary>Which services are on a bus, and what they offer, whatever NATS library they are written with. Needs an IpcBus: on a plain NATS server nobody responds.</summary>
public static class ServiceDirectory
{
    /// <summary>The instances of services that are on the bus, with what they have done. One that does not answer within two seconds is listed without it.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="service">The name of a service. Default: all.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>By name, and since when they are there; the first thousand, or as many as fit into a message.</returns>
    /// <exception cref="ArgumentException">The name is not valid.</exception>
    /// <exception cref="NoRespondersException">It is a NATS server, which does not know.</exception>
    /// <exception cref="BusDisconnectedException">The connection is down, or went down while waiting.</exception>
    public static async Task<IReadOnlyList<ServiceInstance>> GetServicesAsync(this IBus bus, string? service = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        var reply = await bus.RequestAsync<string, byte[]>(SystemTopics.Services, service is null ? "" : ServiceTopics.ValidateService(service), timeout: null, cancellationToken);
        return ParticipantExtensions.Read(() => JsonSerializer.Deserialize(reply, PresenceJson.Default.ServiceList)?.Services, SystemTopics.Services);
    }

    /// <summary>
    /// Asks a service for its methods, and gives a client of it that has them. It knows those that were announced by then: get another one to see what has come since. To call methods
    /// that are known, <see cref="ServiceExtensions.CallAsync"/> needs no question first.
    /// </summary>
    /// <param name="bus">The bus.</param>
    /// <param name="service">The name of the service.</param>
    /// <param name="options">How each method is called: timeout, instance, headers. Default: any instance, the timeout of the bus.</param>
    /// <param name="cancellationToken">Ends the wait for the answers: half a second for all, and longer, as long as a call may take but 5 seconds at most, while none has come.</param>
    /// <exception cref="ArgumentException">A name is not valid.</exception>
    /// <exception cref="ServiceNotFoundException">No such service, or instance of it, is on the bus; tells those that are.</exception>
    /// <exception cref="RequestTimeoutException">It is on the bus, and does not answer.</exception>
    /// <exception cref="BusRefusedException">The server is no IpcBus.</exception>
    /// <exception cref="BusDisconnectedException">The connection is down, or went down while waiting.</exception>
    public static async Task<RemoteService> ServiceAsync(this IBus bus, string service, ServiceCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        options ??= new ServiceCallOptions();
        if (options.Instance is { } instance) ServiceTopics.ValidateInstance(instance);
        var limit = ServiceLookup.Left(bus, options.Timeout, TimeSpan.Zero);
        return new RemoteService(bus, service, options, await ServiceLookup.EndpointsAsync(bus, ServiceTopics.ValidateService(service), options.Instance, limit, cancellationToken));
    }

    /// <summary>Tells which instances of services come and go, from the start of the enumeration on. One has come when it has said what it offers.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <remarks>What happens while the connection is down is not told: ask again who is there when <see cref="IBus.StateChanged"/> says that it is back.</remarks>
    public static async IAsyncEnumerable<ServiceEvent> WatchServicesAsync(this IBus bus, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        // One filter, so that the end of an instance comes behind its beginning.
        await using var events = await bus.OpenSubscriptionAsync<byte[]>(SystemTopics.Events, options: null, cancellationToken);
        await foreach (var message in events.WithCancellation(cancellationToken))
        {
            if (SystemTopics.IsServiceEvent(message.Topic)) yield return ParticipantExtensions.Read(() => JsonSerializer.Deserialize(message.Data, PresenceJson.Default.ServiceEvent), message.Topic);
        }
    }
}
