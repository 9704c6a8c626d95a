using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Core.Rpc;

namespace Bus.Core.Routes;

/// <summary>Routers on a bus: offering them, and calling them.</summary>
public static class RouteExtensions
{
    /// <summary>The name of the method that a router is.</summary>
    internal const string Method = "route";

    /// <summary>
    /// Offers a router as a service. When the task completes, it can be called and found. Others may offer the same: each request goes to one of them. Routes may be added to
    /// the router later, and other methods to the service.
    /// </summary>
    /// <param name="bus">The bus. The service ends with it.</param>
    /// <param name="service">Its name: letters, digits, '_' and '-'. Requests to <c>api</c> go to the topic <c>api.route</c>, verb and path in headers (<see cref="RouteHeaders"/>).</param>
    /// <param name="router">The router.</param>
    /// <param name="options">Version, metadata, limits. Default: as for any service.</param>
    /// <param name="cancellationToken">Ends the wait for the bus.</param>
    /// <exception cref="ArgumentException">The name or an option is not valid.</exception>
    /// <exception cref="BusRefusedException">The bus refuses a topic of it.</exception>
    /// <exception cref="BusDisconnectedException">The bus did not acknowledge it in time.</exception>
    /// <exception cref="BusClosedException">The bus is closed.</exception>
    public static Task<IBusService> RouteAsync(this IBus bus, string service, BusRouter router, ServiceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(router);
        if (bus is not BusFacade facade) throw new ArgumentException($"A {bus.GetType()} cannot offer a router: it has to be a bus of this library.", nameof(bus));
        var routes = new RouteService(facade, router);
        var method = new MethodOptions { Description = $"A router: verb in {RouteHeaders.Method}, path and query in {RouteHeaders.Path}." };
        return bus.ServeAsync(service, s => s.Endpoint<ReadOnlyMemory<byte>, Answer>(Method, (_, context) => routes.AnswerAsync(context), method), options, cancellationToken);
    }

    /// <summary>A client for the router of a service. Opens nothing, costs nothing.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="service">The name of the service.</param>
    /// <param name="options">What happens when the router ends the connection. Default: this client ends, the bus stays.</param>
    /// <exception cref="ArgumentException">The name cannot be that of a service.</exception>
    public static RouteClient Routes(this IBus bus, string service, RouteClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bus);
        return new RouteClient(bus, ServiceTopics.ValidateService(service), options ?? new RouteClientOptions());
    }
}
