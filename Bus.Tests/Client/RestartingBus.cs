using System.Net;
using System.Net.Sockets;
using Bus.Core.Client;
using Bus.Core.Hosting;
using Bus.Transport.Client;
using Bus.Transport.Connections;
using Bus.Transport.Endpoints;
using Bus.Transport.Hosting;
using Microsoft.Extensions.Logging;

namespace Bus.Tests.Client;

/// <summary>A bus whose address is known before it runs, and that comes and goes.</summary>
public abstract class RestartingBus : IAsyncDisposable
{
    private BusListener? _listener;

    public abstract BusEndpoint Endpoint { get; }

    /// <summary>How the bus is to be, unless a start says otherwise. Null: as usual.</summary>
    public IpcBusOptions? Options { get; init; }

    /// <summary>Sockets of each client.</summary>
    public virtual int Sockets => 1;

    public BusNode Node => _listener!.Node;

    public async Task StartAsync(IpcBusOptions? options = null, ConnectionOptions? connections = null, ILoggerFactory? loggers = null) => _listener = await BusListener.StartAsync([Endpoint], options ?? Options, connections, loggers).Guard();

    public async Task StopAsync()
    {
        if (_listener is not null) await _listener.DisposeAsync().AsTask().Guard();
        _listener = null;
    }

    public IBus Open(BusClientOptions? options = null) => BusClient.Open(Endpoint, (options ?? Quick()) with { Connections = Sockets });

    public Task<IBus> ConnectAsync(BusClientOptions? options = null) => BusClient.ConnectAsync(Endpoint, (options ?? Quick()) with { Connections = Sockets }).Guard();

    public virtual async ValueTask DisposeAsync()
    {
        await StopAsync();
        GC.SuppressFinalize(this);
    }

    // Nobody waits longer for a reconnect than has to be.
    private static BusClientOptions Quick() => new() { ReconnectMinDelay = TimeSpan.FromMilliseconds(5), ReconnectMaxDelay = TimeSpan.FromMilliseconds(20) };
}

public abstract class RestartingUnixSocket : RestartingBus
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ipcbus-test-").FullName;

    public override BusEndpoint Endpoint => BusEndpoint.Parse($"unix://{_directory}/bus.sock");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }
}

public sealed class RestartingUnixBus : RestartingUnixSocket;

public sealed class RestartingPooledBus : RestartingUnixSocket
{
    public override int Sockets => 3;
}

public sealed class RestartingTcpBus : RestartingBus
{
    public override BusEndpoint Endpoint { get; } = BusEndpoint.Parse($"tcp://127.0.0.1:{FreePort()}");

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

internal static class StateWaiting
{
    /// <summary>The first change to a state from now on.</summary>
    public static Task<BusStateChangedEventArgs> NextAsync(this IBus bus, BusState state)
    {
        var reached = new TaskCompletionSource<BusStateChangedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        bus.StateChanged += (_, change) =>
        {
            if (change.Current == state) reached.TrySetResult(change);
        };
        return reached.Task.Guard();
    }

    /// <summary>The first notice of a kind from now on.</summary>
    public static Task<BusNoticeEventArgs> NoticeAsync(this IBus bus, BusNoticeKind kind)
    {
        var noticed = new TaskCompletionSource<BusNoticeEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        bus.Noticed += (_, notice) =>
        {
            if (notice.Kind == kind) noticed.TrySetResult(notice);
        };
        return noticed.Task.Guard();
    }
}
