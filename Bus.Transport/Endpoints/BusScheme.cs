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

/// <summary>What clients speak at an endpoint.</summary>
public enum BusProtocol
{
    /// <summary>The client protocol of NATS: the clients of this library, and every client of NATS.</summary>
    Nats,

    /// <summary>A JSON object a line, for shell scripts and small programs in any language: a URL with <c>json+</c> before its scheme.</summary>
    JsonLines,
}
