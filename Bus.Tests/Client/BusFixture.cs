using Bus.Core.Buffers;
using Bus.Core.Client;
using Bus.Core.Hosting;

namespace Bus.Tests.Client;

/// <summary>One way to have a bus. The contract suites run on each of them.</summary>
public abstract class BusFixture : IAsyncDisposable
{
    private readonly List<IBus> _buses = [];

    internal SlabPool Slabs { get; } = new(poison: true);

    /// <summary>How the bus is to be; set before it starts.</summary>
    public IpcBusOptions? Options { get; set; }

    /// <summary>How those who connect from now on write and read. Null: as the bus does, in JSON.</summary>
    public BusFormat? Format { get; set; }

    /// <summary>Sockets of each participant. With several, topics of one participant have no common order.</summary>
    public virtual int Sockets => 1;

    public abstract Task StartAsync();

    /// <summary>Another participant, who writes and reads in its own way.</summary>
    public async Task<IBus> ConnectAsync(BusFormat format)
    {
        Format = format;
        var bus = await ConnectAsync();
        Format = null;
        return bus;
    }

    /// <summary>Another participant of the same bus.</summary>
    public async Task<IBus> ConnectAsync(string? name = null, bool echo = true)
    {
        var bus = await OpenAsync(name, echo, takeOver: false).Guard();
        _buses.Add(bus);
        return bus;
    }

    /// <summary>Another participant, in place of the one who has the name.</summary>
    public async Task<IBus> TakeOverAsync(string name)
    {
        var bus = await OpenAsync(name, echo: true, takeOver: true).Guard();
        _buses.Add(bus);
        return bus;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var bus in _buses) await bus.DisposeAsync().AsTask().Guard();
        await StopAsync().Guard();
        GC.SuppressFinalize(this);
        Assert.Equal(0, Slabs.Outstanding);
    }

    protected abstract Task<IBus> OpenAsync(string? name, bool echo, bool takeOver);

    protected abstract Task StopAsync();
}

/// <summary>The bus of this process.</summary>
public sealed class LocalBusFixture : BusFixture
{
    private BusNode _node = null!;

    public override async Task StartAsync() => _node = await BusNode.StartAsync(Options, loggers: null, [], Slabs, CancellationToken.None);

    protected override Task<IBus> OpenAsync(string? name, bool echo, bool takeOver) => Task.FromResult(_node.OpenBus(new LocalBusOptions { Name = name, Echo = echo, TakeOverName = takeOver, Serializer = Format?.Serializer, Serializers = Format?.Others, Compression = Format?.Compression }));

    protected override Task StopAsync() => _node.StopAsync();
}

/// <summary>How a participant writes and reads.</summary>
public sealed record BusFormat
{
    public IBusSerializer Serializer { get; init; } = JsonBusSerializer.Default;

    public IReadOnlyList<IBusSerializer> Others { get; init; } = [];

    public CompressionOptions Compression { get; init; } = new();
}
