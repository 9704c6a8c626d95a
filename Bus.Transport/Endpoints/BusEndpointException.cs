namespace Bus.Transport.Endpoints;

/// <summary>An endpoint cannot be listened on or connected to. The message says why, and what to do.</summary>
public sealed class BusEndpointException : IOException
{
    internal BusEndpointException(BusEndpoint endpoint, string message, Exception? inner = null)
        : base(message, inner) => Endpoint = endpoint;

    /// <summary>The endpoint that it is about.</summary>
    public BusEndpoint Endpoint { get; }
}
