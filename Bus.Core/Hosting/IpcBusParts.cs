using Microsoft.Extensions.Logging;

namespace Bus.Core.Hosting;

/// <summary>What a bus is made of, collected from all who add to it until it is built.</summary>
internal sealed class IpcBusParts
{
    private readonly List<Func<IpcBusOptions, IpcBusOptions>> _changes = [];
    private readonly List<Func<IBusComponent>> _components = [];

    /// <summary>Changes the options, after those who were there before.</summary>
    public void Configure(Func<IpcBusOptions, IpcBusOptions> change) => _changes.Add(change);

    /// <summary>Adds something that starts and stops with the bus: made anew for each bus.</summary>
    public void Add(Func<IBusComponent> component) => _components.Add(component);

    public void Add(IpcBusParts others)
    {
        _changes.AddRange(others._changes);
        _components.AddRange(others._components);
    }

    public IpcBusOptions Options(IpcBusOptions options) => _changes.Aggregate(options, (current, change) => change(current));

    public BusNode Build(IpcBusOptions options, ILoggerFactory loggers, ActorSystem system, bool ownsSystem) =>
        new(options, loggers, [.. _components.Select(component => component())], system, slabs: null, ownsSystem);
}
