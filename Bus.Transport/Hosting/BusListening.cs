using Bus.Core.Hosting;
using Bus.Transport.Connections;
using Bus.Transport.Endpoints;
using Bus.Transport.Server;

namespace Bus.Transport.Hosting;

/// <summary>The endpoints of a bus, started and stopped with it.</summary>
internal sealed class BusListening(IReadOnlyList<BusEndpoint> endpoints, ConnectionOptions options) : IBusComponent
{
    private BusServer? _server;

    /// <summary>Where it listens, with the ports that were chosen. Empty before the start.</summary>
    public IReadOnlyList<BusEndpoint> Endpoints => _server?.Endpoints ?? [];

    IReadOnlyList<string> IBusComponent.Endpoints => [.. Endpoints.Select(endpoint => endpoint.ToString())];

    public IActorRef Actor => _server?.Connections ?? ActorRefs.Nobody;

    public async Task StartAsync(BusNode node, CancellationToken cancellationToken)
    {
        _server = await BusServer.StartAsync(node.Supervisor, node.Environment, endpoints, options, node.Options.Name, cancellationToken);
        if (ReferenceEquals(node.Components.OfType<BusListening>().First(), this)) node.Register<BusConnectionsKey>(_server.Connections);
    }

    public async Task StopAcceptingAsync()
    {
        if (_server is not null) await _server.StopAcceptingAsync();
    }

    public async Task StopAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
