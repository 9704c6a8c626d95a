using Bus.Core.Client;
using Bus.Core.Hosting;
using Bus.Core.Presence;
using Bus.Transport.Connections;
using Bus.Transport.Endpoints;
using Bus.Transport.Hosting;

namespace Bus.Tests.Transport.JsonLines;

/// <summary>A bus that listens for JSON lines on a socket, a port and a pipe, and for NATS on a socket.</summary>
internal sealed class JsonBus : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ipcbus-test-");
    private BusListener _listener = null!;

    public static async Task<JsonBus> StartAsync(ConnectionOptions? connections = null, IpcBusOptions? options = null)
    {
        var bus = new JsonBus();
        BusEndpoint[] endpoints =
        [
            BusEndpoint.Parse($"json+unix://{bus._folder.FullName}/json.sock"), BusEndpoint.Parse("json+tcp://127.0.0.1:0"), BusEndpoint.Parse("json+pipe://json", bus._folder.FullName), BusEndpoint.Parse($"unix://{bus._folder.FullName}/bus.sock"),
        ];
        bus._listener = await BusListener.StartAsync(endpoints, options, connections);
        return bus;
    }

    public BusNode Node => _listener.Node;

    public IBus Local => _listener.Node.Bus;

    public BusEndpoint Unix => _listener.Endpoints[0];

    public BusEndpoint Nats => _listener.Endpoints[3];

    public Task<JsonPeer> ConnectAsync(BusScheme over = BusScheme.Unix) => JsonPeer.ConnectAsync(_listener.Endpoints.First(endpoint => endpoint.Scheme == over));

    /// <summary>Who is on the bus by a JSON endpoint.</summary>
    public async Task<IReadOnlyList<BusParticipant>> ClientsAsync() =>
        [.. (await Local.GetClientsAsync()).Where(client => client.Endpoint.StartsWith("json+", StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
