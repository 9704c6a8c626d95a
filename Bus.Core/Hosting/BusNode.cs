using System.Collections.Concurrent;
using Bus.Core.Buffers;
using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Core.State;
using Bus.Core.Supervision;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bus.Core.Hosting;

/// <summary>
/// A running bus: the actor system with the topics, and the in-process <see cref="IBus"/>. Use it where there is no host;
/// with one, <c>services.AddIpcBus()</c> does the same. Thread-safe.
/// </summary>
public sealed class BusNode : IAsyncDisposable
{
    private static readonly TimeSpan MinCloseTimeout = TimeSpan.FromMilliseconds(100);

    private readonly ILogger _log;
    private readonly ActorSystem _system;
    private readonly IReadOnlyList<IBusComponent> _components;
    private readonly ConcurrentDictionary<string, BusFacade> _buses = new();
    private readonly Lock _lock = new();
    private Task? _stopped;
    private int _lastBus;

    internal BusNode(IpcBusOptions options, ILoggerFactory loggers, IReadOnlyList<IBusComponent> components, SlabPool? slabs = null, TimeProvider? time = null)
    {
        options.Validate();
        Options = options;
        _components = components;
        _log = loggers.CreateLogger<BusNode>();
        Environment = new BusEnvironment(loggers, time ?? TimeProvider.System) { Slabs = slabs ?? SlabPool.Shared };
        _system = BusSystem.Create("ipcbus");
        var (environment, log) = (Environment, _log);
        _system.ActorOf(Props.Create(() => new ActorLogBridge(log)), "log");
        Supervisor = _system.ActorOf(Props.Create(() => new BusSupervisor(environment)), "bus");
        Bus = OpenBus();
    }

    /// <summary>The bus for this process. Disposing it closes only itself, not the node.</summary>
    public IBus Bus { get; }

    internal IpcBusOptions Options { get; }

    private TimeSpan CloseTimeout => Options.StopTimeout < MinCloseTimeout ? MinCloseTimeout : Options.StopTimeout;

    internal BusEnvironment Environment { get; }

    internal IActorRef Supervisor { get; }

    /// <summary>Starts a bus inside this process.</summary>
    /// <param name="options">Default: all defaults.</param>
    /// <param name="loggers">Where to log. Default: nowhere.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    public static Task<BusNode> StartAsync(IpcBusOptions? options = null, ILoggerFactory? loggers = null, CancellationToken cancellationToken = default) =>
        StartAsync(options, loggers, [], slabs: null, cancellationToken);

    /// <summary>Another participant, with an identity of its own: it counts as another connection for queue groups and echo.</summary>
    public IBus OpenBus(LocalBusOptions? options = null)
    {
        var (environment, supervisor, echo) = (Environment, Supervisor, options?.Echo ?? true);
        var link = new EndpointLink(options?.Name ?? Options.Name, Options.PublishWindow, environment.Time, environment.Loggers, BusState.Connected) { MaxPayload = Options.MaxPayload, ExemptsConsumers = true };
        var id = $"local-{Interlocked.Increment(ref _lastBus)}";
        var endpoint = _system.ActorOf(Props.Create(() => new LocalEndpointActor(environment, supervisor, link, echo)), id);
        return _buses[id] = new BusFacade(_system, endpoint, link, Options.Serializer, environment.Time, closed: () =>
        {
            _buses.TryRemove(id, out _);
            return Task.CompletedTask;
        }, CloseTimeout);
    }

    /// <summary>Stops it in good order: lets the handlers finish what has arrived, closes connections, stops the actors.</summary>
    /// <param name="cancellationToken">Cuts the waiting for handlers short; all is stopped the same.</param>
    public Task StopAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock) return _stopped ??= StopInOrderAsync(cancellationToken);
    }

    /// <summary>Stops it, waiting at most <see cref="IpcBusOptions.StopTimeout"/> for the handlers.</summary>
    public async ValueTask DisposeAsync() => await StopAsync();

    internal static async Task<BusNode> StartAsync(IpcBusOptions? options, ILoggerFactory? loggers, IReadOnlyList<IBusComponent> components, SlabPool? slabs, CancellationToken cancellationToken)
    {
        var node = new BusNode(options ?? new IpcBusOptions(), loggers ?? NullLoggerFactory.Instance, components, slabs);
        await node.StartComponentsAsync(cancellationToken);
        return node;
    }

    /// <summary>Starts what listens. If one cannot, all is stopped again.</summary>
    internal async Task StartComponentsAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var component in _components) await component.StartAsync(this, cancellationToken);
            BusLog.Started(_log, Options.Name);
        }
        catch
        {
            await StopAsync(CancellationToken.None);
            throw;
        }
    }

    private async Task StopInOrderAsync(CancellationToken cancellationToken)
    {
        using (var patience = new CancellationTokenSource(Options.StopTimeout, Environment.Time))
        using (var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token))
        {
            await Task.WhenAll(_buses.Values.Select(bus => TryAsync(() => bus.DrainAsync(linked.Token))));
            foreach (var component in _components.Reverse()) await TryAsync(() => component.StopAsync(linked.Token));
        }

        await TryAsync(() => Supervisor.GracefulStop(CloseTimeout, StopBus.Instance));
        // A handler that blocks its thread for good cannot be ended by anybody, and must not hold up the host for ever.
        await TryAsync(() => _system.Terminate().WaitAsync(CloseTimeout));
        BusLog.Stopped(_log, Options.Name);
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
