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
    /// <exception cref="BusRefusedException">The bus does not let this client in (<see cref="BusClientOptions.Token"/>).</exception>
    public static Task<IBus> ConnectAsync(string url, BusClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(url);
        return ConnectAsync(BusEndpoint.Parse(url), options, cancellationToken);
    }

    /// <summary>Connects to an endpoint that was parsed before, such as <see cref="BusEndpoint.Default"/>.</summary>
    /// <inheritdoc cref="ConnectAsync(string, BusClientOptions?, CancellationToken)" />
    public static Task<IBus> ConnectAsync(BusEndpoint endpoint, BusClientOptions? options = null, CancellationToken cancellationToken = default) =>
        ConnectAsync(endpoint, options ?? new BusClientOptions(), SlabPool.Shared, cancellationToken);

    /// <summary>
    /// Gives a bus at once and connects in the background, however long that takes: programs can be started in any order. What is
    /// published, subscribed and requested meanwhile takes effect in that order when the bus is there, within
    /// <see cref="BusClientOptions.Offline"/> and the timeout of each request. <see cref="IBus.StateChanged"/> tells when it is connected.
    /// </summary>
    /// <param name="url">Such as <c>unix:///run/user/1000/ipcbus.sock</c> or <c>tcp://127.0.0.1:4222</c>.</param>
    /// <param name="options">Default: all defaults.</param>
    /// <exception cref="FormatException">The URL is not valid, or its scheme is not supported.</exception>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    public static IBus Open(string url, BusClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(url);
        return Open(BusEndpoint.Parse(url), options);
    }

    /// <summary>Opens a bus at an endpoint that was parsed before, such as <see cref="BusEndpoint.Default"/>.</summary>
    /// <inheritdoc cref="Open(string, BusClientOptions?)" />
    public static IBus Open(BusEndpoint endpoint, BusClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        options ??= new BusClientOptions();
        return Start(endpoint, options, SlabPool.Shared, options.ConnectOnUse ? BusState.Idle : BusState.Connecting).Bus;
    }

    internal static async Task<IBus> ConnectAsync(BusEndpoint endpoint, BusClientOptions options, SlabPool slabs, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Dialed when somebody waits for it: an attempt that fails before would have nobody to tell.
        var (bus, endpoints) = Start(endpoint, options, slabs, BusState.Idle);
        try
        {
            // The attempts have their own timeout and their own error; this one is only the last resort.
            var patience = options.WaitForBus;
            var limit = patience < TimeSpan.Zero ? patience : patience + options.ConnectTimeout + LastResort;
            await endpoints[0].Ask<FirstConnection>(replyTo => new FirstConnection(patience, replyTo), limit, cancellationToken);
            await Task.WhenAll(endpoints.Skip(1).Select(other => other.Ask<FirstConnection>(replyTo => new FirstConnection(options.ConnectTimeout, replyTo), options.ConnectTimeout + LastResort, cancellationToken)));
            return bus;
        }
        catch (Exception e)
        {
            await bus.DisposeAsync();
            if (e is AskTimeoutException) throw new BusConnectException($"Connecting to {endpoint} took longer than {options.ConnectTimeout.TotalSeconds:0.###} s.", e);
            throw;
        }
    }

    /// <returns>The client, and the endpoint of each of its sockets.</returns>
    private static (BusFacade Bus, IReadOnlyList<IActorRef> Endpoints) Start(BusEndpoint endpoint, BusClientOptions options, SlabPool slabs, BusState initial)
    {
        options.Validate();
        var environment = new BusEnvironment(options.Loggers, TimeProvider.System) { Slabs = slabs };
        var system = BusSystem.Create("ipcbus-client");
        var log = options.Loggers.CreateLogger(typeof(BusClient).FullName!);
        system.ActorOf(Props.Create(() => new ActorLogBridge(log)), "log");
        var sweeper = DeadLetterSweeper.Start(system, environment);
        var link = CreateLink(options, options.Name ?? GeneratedName.For(options.Program), environment, initial);
        var setup = new ClientSetup(endpoint, options, environment, link, RandomName.Hex(32)) { Leads = options.Connections > 1 ? new SocketGroup(link) : null };
        var actor = system.ActorOf(Props.Create(() => new ClientEndpointActor(setup)), "endpoint");
        var bus = new BusFacade(system, actor, link, options.CreateCodec(), environment.Time, () => TerminateAsync(system, sweeper));
        return (bus, [actor, .. ClientPool.Open(system, setup, bus)]);
    }

    internal static EndpointLink CreateLink(BusClientOptions options, string name, BusEnvironment environment, BusState initial) => new(name, options.PendingLimit, environment.Time, options.Loggers, initial)
    {
        Slabs = environment.Slabs,
        Offline = new OfflineBudget(options.Offline.MaxMessages, options.Offline.MaxBytes, options.Offline.Overflow == OfflineOverflow.Fail),
        RequestTimeout = options.RequestTimeout,
        MaxCachedBytes = options.MaxCachedBytes,
    };

    /// <summary>The sweeper last, and behind what it has been told: what was on its way when the rest stopped gives its memory back.</summary>
    private static async Task TerminateAsync(ActorSystem system, IActorRef sweeper)
    {
        await sweeper.GracefulStop(SweepTimeout);
        await system.Terminate();
    }
}
