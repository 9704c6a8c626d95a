using System.Net;
using System.Net.Sockets;
using Bus.Transport.Channels;

namespace Bus.Transport.Endpoints;

/// <summary>Connects to endpoints.</summary>
internal static class Dialer
{
    /// <summary>Connects. There is no timeout but the system's: give one with the token.</summary>
    /// <exception cref="BusEndpointException">Nobody listens there, or it cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async ValueTask<BusChannel> ConnectAsync(BusEndpoint endpoint, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (endpoint.Protocol == BusProtocol.JsonLines) throw new BusEndpointException(endpoint, $"Cannot connect to {endpoint}: there the bus speaks JSON lines, and this client speaks NATS. Give the URL of an endpoint of the bus without '{BusEndpoint.JsonPrefix}'.");
        if (endpoint.Path is not null) CheckPath(endpoint);
        if (endpoint.Scheme == BusScheme.Pipe) return await PipeDialer.ConnectAsync(endpoint, cancellationToken);
        var socket = Create(endpoint);
        try
        {
            if (endpoint.Scheme == BusScheme.Unix)
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.Path!), cancellationToken);
            }
            else
            {
                socket.NoDelay = true;
                await socket.ConnectAsync(endpoint.Host!, endpoint.Port!.Value, cancellationToken);
            }

            return new SocketChannel(socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new BusEndpointException(endpoint, DialErrors.Explain(endpoint, e), e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket Create(BusEndpoint endpoint)
    {
        if (endpoint.Scheme == BusScheme.Unix) return new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        if (endpoint.Port == 0) throw new BusEndpointException(endpoint, $"Cannot connect to {endpoint}: port 0 is only for listening. Give the port that the bus says it listens on.");
        return IPAddress.TryParse(endpoint.Host, out var address)
            ? new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
    }

    private static void CheckPath(BusEndpoint endpoint)
    {
        if (OperatingSystem.IsWindows()) throw ListenerFactory.NoUnixSockets(endpoint);
        if (UnixSocketPath.TooLong(endpoint.Path!) is { } tooLong) throw new BusEndpointException(endpoint, $"Cannot connect to {endpoint}: {tooLong}");

        // In a default directory that is not ours somebody else may have set up a bus of their own to listen in.
        var directory = Path.GetDirectoryName(endpoint.Path!)!;
        if (DefaultEndpoint.IsDefaultDirectory(directory) && UnixFiles.Identify(directory) is not null && PrivateDirectory.Problem(directory) is { } problem)
        {
            throw new BusEndpointException(endpoint, $"Cannot connect to {endpoint}: {problem}");
        }
    }
}
