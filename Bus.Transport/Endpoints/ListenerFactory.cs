namespace Bus.Transport.Endpoints;

/// <summary>Binds endpoints.</summary>
internal static class ListenerFactory
{
    /// <summary>Binds the endpoint; connections wait in the system's queue until they are accepted.</summary>
    /// <exception cref="BusEndpointException">It is in use, or it cannot be bound safely or at all.</exception>
    public static IBusListener Bind(BusEndpoint endpoint) => endpoint.Scheme switch
    {
        BusScheme.Tcp => TcpBusListener.Bind(endpoint),
        BusScheme.Pipe => PipeListener.Bind(endpoint),
        _ when OperatingSystem.IsWindows() => throw NoUnixSockets(endpoint),
        _ => UnixSocketListener.Bind(endpoint, DefaultEndpoint.IsDefaultDirectory(Path.GetDirectoryName(endpoint.Path!)!)),
    };

    /// <summary>Owner, mode and identity of a socket file cannot be checked there, so it is not offered.</summary>
    public static BusEndpointException NoUnixSockets(BusEndpoint endpoint) =>
        new(endpoint, $"{endpoint}: Unix sockets are not supported on Windows by this version. Use a named pipe, such as pipe://{Path.GetFileNameWithoutExtension(endpoint.Path)}.");
}
