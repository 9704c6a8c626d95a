using Bus.Core;
using Bus.Core.Buffers;
using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Core.Hosting;
using Bus.Core.Presence;
using Bus.Core.State;
using Bus.Core.Supervision;
using Bus.Transport.Endpoints;

namespace Bus.Transport.Client;

/// <summary>Connects to a bus, or to any NATS server, over a socket.</summary>
public static class BusClient
{
    private static readonly TimeSpan SweepTimeout = TimeSpan.FromSeconds(5);

    // How much later than the attempt itself the caller gives up: a machine under load must not turn "nobody listens there"
    // into "it took too long".
    private static readonly TimeSpan LastResort = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Connects. From then on the client keeps itself connected: after a loss it reconnects, subscribes again and sends what
    /// was published meanwhile. Disposing it closes the connection.
    /// </summary>
    /// <param name="url">Such as <c>unix:///run/user/1000/ipcbus.sock</c> or <c>tcp://127.0.0.1:4222</c>.</param>
    /// <param name="options">Default: all defaults.</param>
    /// <param name="cancellationToken">Gives the first connection up.</param>
    /// <exception cref="FormatException">The URL is not valid, or its scheme is not supported.</exception>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="BusConnectException">The first connection failed, or another has the name; the message says why and what to do.</exception>
    public static Task<IBus> ConnectAsync(string url, BusClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(url);
        return ConnectAsync(BusEndpoint.Parse(url), options, cancellationToken);
    }

    /// <summary>Connects to an endpoint that was parsed before, such as <see cref="BusEndpoint.Default"/>.</summary>
    /// <inheritdoc cref="ConnectAsync(string, BusClientOptions?, CancellationToken)" />
    public static Task<IBus> ConnectAsync(BusEndpoint endpoint, BusClientOptions? options = null, CancellationToken cancellationToken = default) =>
        ConnectAsync(endpoint, options ?? new BusClientOptions(), SlabPool.Shared, cancellationToken);

    internal static async Task<IBus> ConnectAsync(BusEndpoint endpoint, BusClientOptions options, SlabPool slabs, CancellationToken cancellationToken)
    {
        options.Validate();
        cancellationToken.ThrowIfCancellationRequested();
        var environment = new BusEnvironment(options.Loggers, TimeProvider.System) { Slabs = slabs };
        var link = new EndpointLink(options.Name ?? GeneratedName.For(options.Program), options.PendingLimit, environment.Time, options.Loggers) { Slabs = slabs };
        var system = BusSystem.Create("ipcbus-client");
        try
        {
            var log = options.Loggers.CreateLogger(typeof(BusClient).FullName!);
            system.ActorOf(Props.Create(() => new ActorLogBridge(log)), "log");
            var sweeper = DeadLetterSweeper.Start(system, environment);
            var setup = new ClientSetup(endpoint, options, environment, link, RandomName.Hex(32));
            var actor = system.ActorOf(Props.Create(() => new ClientEndpointActor(setup)), "endpoint");
            // The attempt has its own timeout and its own error; this one is only the last resort.
            await actor.Ask<FirstConnection>(replyTo => new FirstConnection(replyTo), options.ConnectTimeout + LastResort, cancellationToken);
            return new BusFacade(system, actor, link, options.Serializer, environment.Time, () => TerminateAsync(system, sweeper));
        }
        catch (Exception e)
        {
            await system.Terminate();
            link.Dispose();
            if (e is AskTimeoutException) throw new BusConnectException($"Connecting to {endpoint} took longer than {options.ConnectTimeout.TotalSeconds:0.###} s.", e);
            throw;
        }
    }

    /// <summary>The sweeper last, and behind what it has been told: what was on its way when the rest stopped gives its memory back.</summary>
    private static async Task TerminateAsync(ActorSystem system, IActorRef sweeper)
    {
        await sweeper.GracefulStop(SweepTimeout);
        await system.Terminate();
    }
}
