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
        if (endpoint.Scheme == BusScheme.Unix) CheckPath(endpoint);
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
            throw new BusEndpointException(endpoint, Explain(endpoint, e), e);
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

    private static string Explain(BusEndpoint endpoint, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused when OtherFile(endpoint) is { } kind => $"Cannot connect to {endpoint}: '{endpoint.Path}' is {kind}, not a socket. Give the URL of a bus that runs.",
        SocketError.ConnectionRefused => NobodyListens(endpoint),
        SocketError.AddressNotAvailable when endpoint.Scheme == BusScheme.Unix => NobodyListens(endpoint), // there is no such file
        SocketError.AccessDenied => $"Cannot connect to {endpoint}: this user may not. A bus is open to its owner only; connect as that user.",
        SocketError.WouldBlock => $"Cannot connect to {endpoint}: the bus accepts no connections at the moment, its queue is full. Try again.",
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => $"Cannot connect to {endpoint}: the host '{endpoint.Host}' is not known. Check the name.",
        SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable =>
            $"Cannot connect to {endpoint}: the host does not answer ({e.Message}). Check address, network and firewall.",
        _ => $"Cannot connect to {endpoint}: {e.Message}.",
    };

    // A symbolic link may lead to a socket; then nobody listens there.
    private static string? OtherFile(BusEndpoint endpoint) =>
        endpoint.Scheme == BusScheme.Unix && !OperatingSystem.IsWindows() && UnixFiles.Identify(endpoint.Path!) is { IsSocket: false, IsSymbolicLink: false } found ? found.Kind : null;

    private static string NobodyListens(BusEndpoint endpoint) =>
        $"Nobody listens on {endpoint}. Start a bus there with 'ipcbus serve --listen {endpoint}', or give the URL of one that runs.";
}
