namespace Bus.Core.Routes;

/// <summary>The headers of requests to a router and of its answers. Any NATS client can use them.</summary>
public static class RouteHeaders
{
    /// <summary>The verb of a request. Without it: <c>GET</c>.</summary>
    public const string Method = "Bus-Method";

    /// <summary>Path and query of a request, percent-encoded. Without it: <c>/</c>.</summary>
    public const string Path = "Bus-Path";

    /// <summary>The status of an answer that is no error. Without it: 200.</summary>
    public const string Status = "Bus-Status";

    /// <summary><c>true</c>: the caller is asked not to come back.</summary>
    public const string EndConnection = "Bus-End-Connection";
}
