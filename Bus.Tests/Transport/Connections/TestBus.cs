using Bus.Core;
using Bus.Core.Buffers;
using Bus.Core.Presence;
using Bus.Core.Routing;
using Bus.Core.State;
using Bus.Core.Supervision;
using Bus.Tests.Processes;
using Bus.Transport.Connections;
using Bus.Transport.Endpoints;
using Bus.Transport.Server;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bus.Tests.Transport.Connections;

/// <summary>A bus with real sockets in a folder of its own, whose slabs are poisoned and counted.</summary>
internal sealed class TestBus : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ipcbus-test-").FullName;
    private ActorSystem _system = null!;
    private BusServer _server = null!;

    public SlabPool Slabs { get; } = new(poison: true);

    public BusEnvironment Environment { get; private set; } = null!;

    public IActorRef Supervisor { get; private set; } = null!;

    public ActorSystem System => _system;

    public ConnectionOptions Options { get; init; } = new();

    /// <summary>Hears what becomes of the connections.</summary>
    public IPresenceObserver? Observer { get; init; }

    /// <summary>The declared topics.</summary>
    public TopicRules? Rules { get; init; }

    /// <summary>Where it logs.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The TCP port; 0 = any free one.</summary>
    public int TcpPort { get; init; }

    /// <summary>Puts an actor between the connections and the supervisor.</summary>
    public Func<ActorSystem, IActorRef, IActorRef>? Tap { get; init; }

    public IActorRef Connections => _server.Connections;

    public BusEndpoint Unix => _server.Endpoints[0];

    public BusEndpoint Pipe => _server.Endpoints[2];

    public BusEndpoint Tcp => _server.Endpoints[1];

    public async Task StartAsync()
    {
        _system = BusSystem.Create("test");
        Environment = new BusEnvironment(Loggers, TimeProvider.System) { Slabs = Slabs, Observer = Observer, Router = new Router(rules: Rules) };
        var environment = Environment;
        Supervisor = _system.ActorOf(Props.Create(() => new BusSupervisor(environment)), "bus");
        var endpoints = new[] { BusEndpoint.Parse($"unix://{_folder}/bus.sock"), BusEndpoint.Parse($"tcp://127.0.0.1:{TcpPort}"), BusEndpoint.Parse("pipe://bus", _folder) };
        _server = await BusServer.StartAsync(Tap?.Invoke(_system, Supervisor) ?? Supervisor, Environment, endpoints, Options, "test", CancellationToken.None);
    }

    /// <summary>What clients connect to.</summary>
    public BusScheme Over { get; init; }

    /// <summary>The endpoint of clients.</summary>
    public BusEndpoint Endpoint => _server.Endpoints.Single(endpoint => endpoint.Scheme == Over);

    public Task<RawClient> ConnectAsync(string? connect = null) => connect is null ? RawClient.ConnectAsync(Endpoint) : RawClient.ConnectAsync(Endpoint, connect);

    /// <summary>All connections have left: waits until every slab is back.</summary>
    public Task NothingLeftAsync() => Eventually.HoldsAsync(() => Slabs.Outstanding == 0, () => $"{Slabs.Outstanding} slabs are still out, and nobody is connected.");

    public async ValueTask DisposeAsync()
    {
        // Null when the start failed: that error is the one to be seen.
        if (_server is not null) await _server.DisposeAsync();
        await Supervisor.GracefulStop(TimeSpan.FromSeconds(30), StopBus.Instance);
        await _system.Terminate();
        Directory.Delete(_folder, recursive: true);
    }
}
