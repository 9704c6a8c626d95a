using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Tests.Processes;
using Bus.Transport.Client;
using Bus.Transport.Connections;

namespace Bus.Tests.Client;

/// <summary>Clients with several sockets.</summary>
public abstract class ClientPoolSuite : IAsyncLifetime
{
    protected static readonly string[] Topics = [.. Enumerable.Range(0, 30).Select(n => $"t.{n}")];

    private readonly RestartingTcpBus _bus = new();

    protected string Url => _bus.Endpoint.ToString();

    public virtual Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    protected Task StartAsync(ConnectionOptions? options = null) => _bus.StartAsync(connections: options);

    protected Task StopAsync() => _bus.StopAsync();

    protected async Task<IBus> ConnectAsync(string? name = null, int connections = 4, bool echo = true, string? url = null) =>
        await BusClient.ConnectAsync(url ?? Url, Options(name, connections, echo)).Guard();

    protected static BusClientOptions Options(string? name = null, int connections = 4, bool echo = true) =>
        new() { Name = name, Connections = connections, Echo = echo, ReconnectMinDelay = TimeSpan.FromMilliseconds(5), ReconnectMaxDelay = TimeSpan.FromMilliseconds(20) };

    protected static bool AreConnected(IBus bus) => bus.GetSockets().All(socket => socket.State == BusState.Connected);

    /// <summary>The socket of a topic.</summary>
    protected static int SocketOf(IBus bus, string topic)
    {
        var lanes = ((BusFacade)bus).Lanes!;
        return lanes.Of(topic) is { } lane ? lanes.Status().ToList().FindIndex(one => one.Socket == lane) : 0;
    }

    /// <summary>Waits until this many connections have been lost, and all are there again.</summary>
    protected static Task BackAsync(IBus bus, int losses) => Eventually.HoldsAsync(() => bus.GetSockets().Sum(socket => socket.Losses) == losses && AreConnected(bus), () => string.Join(", ", bus.GetSockets()));
}
