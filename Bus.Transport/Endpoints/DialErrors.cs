using System.Net.Sockets;

namespace Bus.Transport.Endpoints;

/// <summary>Why an endpoint cannot be connected to, and what to do.</summary>
internal static class DialErrors
{
    public static string Explain(BusEndpoint endpoint, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => NobodyListens(endpoint),
        SocketError.AddressNotAvailable when endpoint.Path is not null => NobodyListens(endpoint), // there is no such file
        SocketError.ProtocolType => $"Cannot connect to {endpoint}: the socket there is of another kind (for datagrams, say) than a bus has. Give the URL of a bus that runs.",
        SocketError.AccessDenied => $"Cannot connect to {endpoint}: this user may not. A bus is open to its owner only; connect as that user.",
        SocketError.WouldBlock => $"Cannot connect to {endpoint}: the bus accepts no connections at the moment, its queue is full. Try again.",
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => $"Cannot connect to {endpoint}: the host '{endpoint.Host}' is not known. Check the name.",
        SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable =>
            $"Cannot connect to {endpoint}: the host does not answer ({e.Message}). Check address, network and firewall.",
        _ => $"Cannot connect to {endpoint}: {e.Message}.",
    };

    public static string NobodyListens(BusEndpoint endpoint) => OtherFile(endpoint) is { } kind
        ? $"Cannot connect to {endpoint}: '{endpoint.Path}' is {kind}, not a socket. Give the URL of a bus that runs."
        : $"Nobody listens on {endpoint}. Start a bus there with 'ipcbus serve --listen {endpoint}', or give the URL of one that runs.";

    // A symbolic link may lead to a socket; then nobody listens there.
    private static string? OtherFile(BusEndpoint endpoint) =>
        endpoint.Path is { } path && !OperatingSystem.IsWindows() && UnixFiles.Identify(path) is { IsSocket: false, IsSymbolicLink: false } found ? found.Kind : null;
}
