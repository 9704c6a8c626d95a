using System.Net;
using System.Net.Sockets;
using Bus.Transport.Channels;

namespace Bus.Transport.Endpoints;

/// <summary>Listens on TCP.</summary>
internal sealed class TcpBusListener : IBusListener
{
    private readonly Socket _socket;

    private TcpBusListener(Socket socket, BusEndpoint endpoint)
    {
        _socket = socket;
        Endpoint = endpoint;
    }

    public BusEndpoint Endpoint { get; }

    public static TcpBusListener Bind(BusEndpoint endpoint)
    {
        var address = Resolve(endpoint);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // No ReuseAddress: .NET already lets a port be bound while old connections linger, and the option would let a second server share it.
            if (address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(new IPEndPoint(address, endpoint.Port!.Value));
            socket.Listen();
            return new TcpBusListener(socket, new BusEndpoint(endpoint.Host!, ((IPEndPoint)socket.LocalEndPoint!).Port) { Protocol = endpoint.Protocol });
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new BusEndpointException(endpoint, Explain(endpoint, e), e);
        }
    }

    public async ValueTask<BusChannel> AcceptAsync(CancellationToken cancellationToken)
    {
        var socket = await Accepting.NextAsync(_socket, cancellationToken);
        try
        {
            socket.NoDelay = true;
        }
        catch (SocketException)
        {
            // The peer is gone already; whoever reads from it finds out.
        }

        return new SocketChannel(socket);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static IPAddress Resolve(BusEndpoint endpoint)
    {
        if (IPAddress.TryParse(endpoint.Host, out var address)) return address;
        try
        {
            // IPv4 first, because that is what a client means by "localhost" when it does not try both.
            var found = Dns.GetHostAddresses(endpoint.Host!);
            return Array.Find(found, a => a.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
        }
        catch (Exception e) when (e is SocketException or ArgumentException or IndexOutOfRangeException)
        {
            throw new BusEndpointException(endpoint, $"Cannot listen on {endpoint}: the host name '{endpoint.Host}' is not known here. Use an address of this machine, or 0.0.0.0 for all.", e);
        }
    }

    private static string Explain(BusEndpoint endpoint, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"Cannot listen on {endpoint}: the address is in use by another program. Stop that one, or choose another port (0 for any free one).",
        SocketError.AccessDenied => $"Cannot listen on {endpoint}: this user may not bind port {endpoint.Port}. Choose one above 1023.",
        SocketError.AddressNotAvailable => $"Cannot listen on {endpoint}: this machine has no address '{endpoint.Host}'. Use one of its own, or 0.0.0.0 for all.",
        _ => $"Cannot listen on {endpoint}: {e.Message}.",
    };
}
