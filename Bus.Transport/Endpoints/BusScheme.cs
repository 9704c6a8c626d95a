namespace Bus.Transport.Endpoints;

/// <summary>How an endpoint is reached.</summary>
public enum BusScheme
{
    /// <summary>A Unix domain socket, <c>unix:///absolute/path</c>.</summary>
    Unix,

    /// <summary>TCP, <c>tcp://host:port</c>.</summary>
    Tcp,

    /// <summary>A named pipe, <c>pipe://name</c>. Where the system is not Windows, .NET maps it to a Unix domain socket.</summary>
    Pipe,
}
