using System.Net;
using System.Net.Sockets;

namespace Bus.Tests.Soak;

/// <summary>A way to the bus that breaks when it is told to: a TCP port that passes bytes on to another one.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private readonly IPEndPoint _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public Relay(string target)
    {
        var uri = new Uri(target);
        _target = new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Breaks all connections, whatever is under way on them.</summary>
    public void Break()
    {
        lock (_lock)
        {
            // A reset, and not an end of the stream.
            foreach (var socket in _sockets) socket.Close(timeout: 0);
            _sockets.Clear();
        }
    }

    /// <summary>Breaks one connection: they are counted from zero, in the order in which they came.</summary>
    public void Break(int connection)
    {
        lock (_lock)
        {
            foreach (var socket in _sockets.Skip(2 * connection).Take(2)) socket.Close(timeout: 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
        Break();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                if (!await TryConnectAsync(server))
                {
                    client.Close(timeout: 0);
                    continue;
                }

                lock (_lock) _sockets.AddRange([client, server]);
                _ = PassAsync(client, server);
                _ = PassAsync(server, client);
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the soak.
        }
    }

    /// <returns>False: the bus is away.</returns>
    private async Task<bool> TryConnectAsync(Socket server)
    {
        try
        {
            await server.ConnectAsync(_target, _stop.Token);
            return true;
        }
        catch (SocketException)
        {
            server.Dispose();
            return false;
        }
    }

    private static async Task PassAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0) await to.SendAsync(buffer.AsMemory(0, count));
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Broken by the soak, or by one end: then the other has to hear of it.
            from.Dispose();
            to.Dispose();
        }
    }
}
