using Bus.Core.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;
using Bus.Transport.Hosting;

namespace Bus.Tests.Client;

/// <summary>A bus behind a socket, broker and clients in this process.</summary>
public abstract class RemoteBusFixture : BusFixture
{
    private BusListener _listener = null!;

    public override async Task StartAsync() => _listener = await BusListener.StartAsync([Endpoint], Options, connections: null, loggers: null, Slabs, CancellationToken.None);

    protected abstract BusEndpoint Endpoint { get; }

    protected override Task<IBus> OpenAsync(string? name, bool echo, bool takeOver)
    {
        var format = Format ?? new BusFormat();
        var options = new BusClientOptions { Name = name, Echo = echo, TakeOverName = takeOver, Connections = Sockets, Serializer = format.Serializer, Serializers = format.Others, Compression = format.Compression };
        return BusClient.ConnectAsync(_listener.Endpoints[0], options, Slabs, CancellationToken.None);
    }

    protected override async Task StopAsync()
    {
        await _listener.DisposeAsync();
        // The readers of sockets that were cut off give their slab back on threads of their own.
        await Eventually.HoldsAsync(() => Slabs.Outstanding == 0, () => $"{Slabs.Outstanding} slabs are still out.");
    }
}

public abstract class UnixSocketFixture : RemoteBusFixture
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ipcbus-test-").FullName;

    protected override BusEndpoint Endpoint => BusEndpoint.Parse($"unix://{_directory}/bus.sock");

    protected override async Task StopAsync()
    {
        await base.StopAsync();
        Directory.Delete(_directory, recursive: true);
    }
}

public sealed class UnixBusFixture : UnixSocketFixture;

/// <summary>Each client with three sockets.</summary>
public sealed class PooledBusFixture : UnixSocketFixture
{
    public override int Sockets => 3;
}

public sealed class PipeBusFixture : RemoteBusFixture
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ipcbus-test-").FullName;

    protected override BusEndpoint Endpoint => BusEndpoint.Parse("pipe://bus", _directory);

    protected override async Task StopAsync()
    {
        await base.StopAsync();
        Directory.Delete(_directory, recursive: true);
    }
}

public sealed class TcpBusFixture : RemoteBusFixture
{
    protected override BusEndpoint Endpoint => BusEndpoint.Parse("tcp://127.0.0.1:0");
}
