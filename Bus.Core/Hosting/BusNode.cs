using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Bus.Core.Buffers;
using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Core.Presence;
using Bus.Core.Routing;
using Bus.Core.State;
using Bus.Core.Supervision;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bus.Core.Hosting;

/// <summary>
/// A running bus: the actors with the topics, and the in-process <see cref="IBus"/>. Use it where there is no host;
/// with one, <c>services.AddIpcBus()</c> does the same. Thread-safe.
/// </summary>
public sealed class BusNode : IAsyncDisposable
{
    private static readonly TimeSpan MinCloseTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ActorTimeout = TimeSpan.FromSeconds(10);
    // Counted through all buses of the process: one that closes and one that opens never want the same name.
    private static int _lastBus;
    private static readonly ConditionalWeakTable<ActorSystem, BusNode> Running = [];

    private readonly ILogger _log;
    private readonly BusEvents _events;
    private readonly ActorSystem _system;
    private readonly ObservedLoggers _loggers;
    private readonly bool _ownsSystem;
    private readonly ConcurrentDictionary<IActorRef, IBus> _buses = new();
    private readonly BusShutdown _shutdown;
    private readonly Lock _lock = new();
    private Task? _started;
    private volatile bool _hasStarted;
    private volatile bool _hasStopped;

    internal BusNode(IpcBusOptions options, ILoggerFactory loggers, IReadOnlyList<IBusComponent> components, ActorSystem? system = null, SlabPool? slabs = null, bool ownsSystem = false)
    {
        options.Validate();
        Options = options;
        Components = components;
        _loggers = new ObservedLoggers(loggers, TimeProvider.System);
        _log = _loggers.CreateLogger<BusNode>();
        _events = new BusEvents(this, _log);
        Environment = new BusEnvironment(_loggers, TimeProvider.System)
        {
            Slabs = slabs ?? SlabPool.Shared,
            Router = new Router(new RetainedStore(options.Retained, TimeProvider.System), options.DeclaredTopics()),
            Observer = _events,
            ComeBack = options.ComeBack,
        };
        _system = system ?? BusSystem.Create(BusSystem.DefaultName);
        _ownsSystem = ownsSystem || system is null;
        _shutdown = new BusShutdown(Environment.Time, options.StopTimeout, StopAcceptingAsync, DrainAsync, StopActorsAsync);
        Supervisor = StartSupervisor();
        Bus = OpenBus(new LocalBusOptions { Name = GeneratedName.TokenOf(options.Name) });
        Register<BusSupervisorKey>(Supervisor);
        _shutdown.JoinIn(CoordinatedShutdown.Get(_system));
    }

    /// <summary>
    /// Raised once, when all endpoints are open, before all other events. They are raised one at a time, in the order in which things happen, on a thread of
    /// the pool; a handler that throws is logged. A handler that blocks delays the others (beyond 10,000 waiting events, more are dropped and that is logged)
    /// and, for a while, the stop: it must not wait for <see cref="StopAsync"/>. To miss nothing, add handlers in <see cref="IpcBusOptions.Starting"/>.
    /// </summary>
    public event EventHandler<BusStartedEventArgs> Started { add => _events.Started += value; remove => _events.Started -= value; }

    /// <summary>Raised once, when all has stopped, behind all other events. Not raised when the bus could not start.</summary>
    public event EventHandler<EventArgs> Stopped { add => _events.Stopped += value; remove => _events.Stopped -= value; }

    /// <summary>Somebody came: another process, or a bus of this process (<see cref="Bus"/> is the first).</summary>
    public event EventHandler<ClientJoinedEventArgs> ClientJoined { add => _events.ClientJoined += value; remove => _events.ClientJoined -= value; }

    /// <summary>Somebody left, and why.</summary>
    public event EventHandler<ClientLeftEventArgs> ClientLeft { add => _events.ClientLeft += value; remove => _events.ClientLeft -= value; }

    /// <summary>A connection was ended or turned away because of an error (of one that had joined, <see cref="ClientLeft"/> follows), or refused something that it asked for.</summary>
    public event EventHandler<ConnectionFailedEventArgs> ConnectionFailed { add => _events.ConnectionFailed += value; remove => _events.ConnectionFailed -= value; }

    /// <summary>Raised for everything that the bus logs, from debug messages on, whatever level its loggers are set to.</summary>
    public event EventHandler<BusLoggedEventArgs> Logged
    {
        add
        {
            _events.Logged += value;
            _loggers.Logged = _events.Log;
        }

        remove => _events.Logged -= value;
    }

    /// <summary>Raised when an instance of a service has come, or is gone, whatever NATS library it is written with.</summary>
    public event EventHandler<ServiceChangedEventArgs> ServiceChanged { add => _events.ServiceChanged += value; remove => _events.ServiceChanged -= value; }

    /// <summary>How far it is: whether it runs.</summary>
    public BusNodeState State => _hasStopped ? BusNodeState.Stopped : IsStopping ? BusNodeState.Stopping : _hasStarted ? BusNodeState.Running : BusNodeState.Starting;

    /// <summary>Where it listens, as URLs with the ports that were chosen. Empty before the start and for a bus that is for its own process only; kept after the stop.</summary>
    public IReadOnlyList<string> Endpoints => [.. Components.SelectMany(component => component.Endpoints)];

    /// <summary>The bus for this process. Disposing it closes only itself, not the node.</summary>
    public IBus Bus { get; }

    /// <summary>What clients are told when it stops: when it will be back (<see cref="IpcBusOptions.ComeBack"/>). To be set before <see cref="StopAsync"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than zero, or more than a day.</exception>
    public TimeSpan? ComeBack
    {
        get => Environment.ComeBack;
        set
        {
            IpcBusOptions.CheckComeBack(value);
            Environment.ComeBack = value;
        }
    }

    internal IpcBusOptions Options { get; }

    internal BusEnvironment Environment { get; }

    internal IActorRef Supervisor { get; }

    internal IActorRef Topics { get; private set; } = ActorRefs.Nobody;

    internal IReadOnlyList<IBusComponent> Components { get; }

    internal bool HasStarted => _hasStarted;

    internal bool IsStopping => _shutdown.HasBegun;

    private TimeSpan CloseTimeout => Options.StopTimeout < MinCloseTimeout ? MinCloseTimeout : Options.StopTimeout;

    /// <summary>Starts a bus inside this process, in an actor system of its own.</summary>
    /// <param name="options">Default: all defaults.</param>
    /// <param name="loggers">Where to log. Default: nowhere.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    public static Task<BusNode> StartAsync(IpcBusOptions? options = null, ILoggerFactory? loggers = null, CancellationToken cancellationToken = default) =>
        StartAsync(options, loggers, [], slabs: null, cancellationToken);

    /// <summary>Starts a bus inside an actor system of the application. It stops with that system, which it never terminates itself.</summary>
    /// <param name="system">Holds at most one bus at a time; its root is <c>/user/bus</c>.</param>
    /// <param name="options">Default: all defaults.</param>
    /// <param name="loggers">Where to log. Default: nowhere.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="InvalidOperationException">A bus runs in the actor system already, or an actor of the application has its name.</exception>
    public static Task<BusNode> StartAsync(ActorSystem system, IpcBusOptions? options = null, ILoggerFactory? loggers = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(system);
        return StartAsync(options, loggers, [], slabs: null, cancellationToken, system);
    }

    /// <summary>The bus that runs in an actor system, for the actors there: <c>BusNode.For(Context.System)?.Bus</c>.</summary>
    /// <param name="system">The actor system.</param>
    /// <returns>The bus; null if none runs there.</returns>
    public static BusNode? For(ActorSystem system) => Running.TryGetValue(system, out var node) ? node : null;

    /// <summary>Another participant, with an identity of its own: it counts as another connection for queue groups and echo.</summary>
    /// <param name="options">Default: a generated name, with echo.</param>
    /// <exception cref="ArgumentException">The name, or another option, is not valid.</exception>
    /// <exception cref="BusConnectException">Another has the name; the message says who.</exception>
    /// <exception cref="BusClosedException">The bus is stopping or has stopped.</exception>
    public IBus OpenBus(LocalBusOptions? options = null)
    {
        if (IsStopping) throw Closed.Error(topic: null);
        options ??= new LocalBusOptions();
        var (environment, supervisor, echo) = (Environment, Supervisor, options.Echo);
        var name = options.Name is null ? GeneratedName.For(Options.Name) : SystemTopics.ValidateName(options.Name);
        var codec = options.CreateCodec(Options);
        var link = new EndpointLink(name, Options.PublishWindow, environment.Time, environment.Loggers, BusState.Connected) { MaxPayload = Options.MaxPayload, ExemptsConsumers = true, Slabs = environment.Slabs, RequestTimeout = Options.RequestTimeout, MaxCachedBytes = Options.MaxCachedBytes };
        var producer = new LocalProducer(environment.Slabs, link.Window);
        var endpoint = _system.ActorOf(Props.Create(() => new LocalEndpointActor(environment, supervisor, link, producer, echo)), $"{BusSystem.RootName}-local-{Interlocked.Increment(ref _lastBus)}");
        if (LocalJoin.TryJoin(environment, producer, name, endpoint, options.TakeOverName) is { } holder)
        {
            _system.Stop(endpoint);
            link.Dispose();
            throw new BusConnectException($"The name '{name}' is taken: {holder}. Choose another, or set TakeOverName.");
        }

        return _buses[endpoint] = new BusFacade(_system, endpoint, link, codec, environment.Time, closed: () =>
        {
            _buses.TryRemove(endpoint, out _);
            return Task.CompletedTask;
        }, CloseTimeout);
    }

    /// <summary>Stops it in good order: accepts nobody, lets the handlers finish what has arrived, closes connections, stops the actors.</summary>
    /// <param name="cancellationToken">Cuts the waiting for handlers short; all is stopped the same.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _shutdown.StopAsync(cancellationToken);
        // A handler that blocks its thread for good cannot be ended by anybody, and must not hold up the host for ever.
        if (_ownsSystem) await TryAsync(() => _system.Terminate().WaitAsync(CloseTimeout));
    }

    /// <summary>Stops it, waiting at most <see cref="IpcBusOptions.StopTimeout"/> for the handlers.</summary>
    public async ValueTask DisposeAsync() => await StopAsync();

    internal static async Task<BusNode> StartAsync(IpcBusOptions? options, ILoggerFactory? loggers, IReadOnlyList<IBusComponent> components, SlabPool? slabs, CancellationToken cancellationToken, ActorSystem? system = null)
    {
        var node = new BusNode(options ?? new IpcBusOptions(), loggers ?? NullLoggerFactory.Instance, components, system, slabs);
        await node.StartAsync(cancellationToken);
        return node;
    }

    /// <summary>Starts what listens, once. If one cannot, all is stopped again.</summary>
    internal Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_lock) return _started ??= StartComponentsAsync(cancellationToken);
    }

    /// <summary>Makes an actor of the bus known to the application, in place of that of a bus which ran here before.</summary>
    internal void Register<TKey>(IActorRef actor) => ActorRegistry.For(_system).Register<TKey>(actor, overwrite: true);

    private async Task StartComponentsAsync(CancellationToken cancellationToken)
    {
        try
        {
            Options.Starting?.Invoke(this);
            Topics = await Supervisor.Ask<IActorRef>(replyTo => new GetTopics(replyTo), ActorTimeout, cancellationToken);
            Register<BusTopicsKey>(Topics);
            foreach (var component in Components) await component.StartAsync(this, cancellationToken);
            _hasStarted = true;
            BusLog.Started(_log, Options.Name);
            _events.Begin(Options.Name, Endpoints);
        }
        catch
        {
            await StopAsync(CancellationToken.None);
            throw;
        }
    }

    private IActorRef StartSupervisor()
    {
        if (!Running.TryAdd(_system, this)) throw new InvalidOperationException($"Bus '{Options.Name}' cannot start: another bus runs in the actor system '{_system.Name}', and there can be one. Give it an actor system of its own, or listen on more endpoints with the one that runs.");
        try
        {
            var (environment, log) = (Environment, _log);
            // Where the application has a system it has a log for it.
            if (_ownsSystem) _system.ActorOf(Props.Create(() => new ActorLogBridge(log)), $"{BusSystem.RootName}-log");
            return _system.ActorOf(Props.Create(() => new BusSupervisor(environment)), BusSystem.RootName);
        }
        catch (InvalidActorNameException e)
        {
            Running.Remove(_system);
            throw new InvalidOperationException($"Bus '{Options.Name}' cannot start: the actor system '{_system.Name}' has an actor /user/{BusSystem.RootName} already, which is the name of the bus. Give that actor another name.", e);
        }
        catch
        {
            Running.Remove(_system);
            throw;
        }
    }

    private Task StopAcceptingAsync() => Task.WhenAll(Components.Select(component => TryAsync(component.StopAcceptingAsync)));

    private async Task DrainAsync(CancellationToken patience)
    {
        await Task.WhenAll(_buses.Values.Select(bus => TryAsync(() => bus.DrainAsync(patience))));
        foreach (var component in Components.Reverse()) await TryAsync(component.StopAsync);
    }

    private async Task StopActorsAsync()
    {
        // What is left of them has a handler that does not end.
        foreach (var endpoint in _buses.Keys) _system.Stop(endpoint);
        await TryAsync(async () =>
        {
            var guardian = await Supervisor.Ask<IActorRef>(replyTo => new GetGuardian(replyTo), CloseTimeout, CancellationToken.None);
            await Supervisor.GracefulStop(CloseTimeout, StopBus.Instance);
            // It has been told of the end before us: when it answers, the names are free for the next bus.
            await guardian.Ask<ActorIdentity>(new Identify(messageId: null), CloseTimeout);
        });
        Running.Remove(_system);
        _hasStopped = true;
        BusLog.Stopped(_log, Options.Name);
        await TryAsync(() => _events.EndAsync().WaitAsync(CloseTimeout));
    }

    private async Task TryAsync(Func<Task> stop)
    {
        try
        {
            await stop();
        }
        catch (Exception e)
        {
            BusLog.StopFailed(_log, e);
        }
    }
}
