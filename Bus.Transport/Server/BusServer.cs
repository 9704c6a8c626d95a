using Bus.Core.State;
using Bus.Core.Supervision;
using Bus.Transport.Connections;
using Bus.Transport.Endpoints;
using Microsoft.Extensions.Logging;

namespace Bus.Transport.Server;

/// <summary>The endpoints of a running bus: listeners, and the connection manager behind them.</summary>
internal sealed class BusServer : IAsyncDisposable
{
    private static readonly TimeSpan ActorTimeout = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<IBusListener> _listeners;

    private BusServer(IReadOnlyList<IBusListener> listeners, IActorRef connections)
    {
        _listeners = listeners;
        Connections = connections;
        Endpoints = [.. listeners.Select(l => l.Endpoint)];
    }

    /// <summary>The connection manager.</summary>
    public IActorRef Connections { get; }

    /// <summary>Where the bus listens, with the ports that were chosen for it.</summary>
    public IReadOnlyList<BusEndpoint> Endpoints { get; }

    /// <summary>Binds every endpoint, then accepts on all of them. If one cannot be bound, none stays bound.</summary>
    /// <exception cref="BusEndpointException">An endpoint is in use or cannot be bound.</exception>
    public static async Task<BusServer> StartAsync(
        IActorRef supervisor,
        BusEnvironment environment,
        IEnumerable<BusEndpoint> endpoints,
        ConnectionOptions options,
        string name,
        CancellationToken cancellationToken)
    {
        options.Validate();
        var listeners = await BindAsync(endpoints);
        try
        {
            var topics = await supervisor.Ask<IActorRef>(replyTo => new GetTopics(replyTo), ActorTimeout, cancellationToken);
            var identity = new ServerIdentity(environment.ServerId, name);
            var props = Props.Create(() => new ConnectionManager(listeners, options, topics, environment, identity));
            var connections = await supervisor.Ask<IActorRef>(replyTo => new StartPart(props, "connections", replyTo), ActorTimeout, cancellationToken);
            var log = environment.Loggers.CreateLogger<BusServer>();
            foreach (var listener in listeners) ConnectionLog.Listening(log, listener.Endpoint.ToString());
            return new BusServer(listeners, connections);
        }
        catch
        {
            foreach (var listener in listeners) await listener.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops accepting and removes the socket files. Connections go on.</summary>
    public async Task StopAcceptingAsync()
    {
        foreach (var listener in _listeners) await listener.DisposeAsync();
    }

    /// <summary>Stops accepting, then lets every connection send what it has and close.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAcceptingAsync();
        await Connections.GracefulStop(ActorTimeout, CloseAll.Instance);
    }

    private static async Task<IReadOnlyList<IBusListener>> BindAsync(IEnumerable<BusEndpoint> endpoints)
    {
        var listeners = new List<IBusListener>();
        try
        {
            foreach (var endpoint in endpoints) listeners.Add(ListenerFactory.Bind(endpoint));
            return listeners;
        }
        catch
        {
            foreach (var listener in listeners) await listener.DisposeAsync();
            throw;
        }
    }
}
