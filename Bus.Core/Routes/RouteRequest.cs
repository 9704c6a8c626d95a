using Bus.Core.Messages;

namespace Bus.Core.Routes;

/// <summary>A request to a router, as one of its routes sees it. Thread-safe, for nothing in it changes.</summary>
public sealed class RouteRequest
{
    private readonly RouteSource _source;

    internal RouteRequest(RouteSource source, string method, RoutePath path)
        : this(source, method, path, RouteValues.NoParameters, "")
    {
    }

    private RouteRequest(RouteSource source, string method, RoutePath path, RouteValues parameters, string route) =>
        (_source, Method, Parsed, Params, Route) = (source, method, path, parameters, route);

    /// <summary>The verb, in capital letters: <c>GET</c>.</summary>
    public string Method { get; }

    /// <summary>The path as it was sent, still encoded and without the query.</summary>
    public string Path => Parsed.Text;

    /// <summary>What the query says. Empty when there is none.</summary>
    public RouteValues Query => Parsed.Query;

    /// <summary>The parameters in the path, of the route that runs and of the routers around it.</summary>
    public RouteValues Params { get; }

    /// <summary>The pattern of the route that runs, with those of the routers around it: a name for logs and metrics. Empty in middleware without a path.</summary>
    public string Route { get; }

    /// <summary>The headers that it came with.</summary>
    public BusHeaders Headers => _source.Message.Headers;

    /// <summary>The name of the client on the bus that sent it. Null when it is not known.</summary>
    public string? Caller => _source.Caller;

    /// <summary>The bytes of the body. Empty when there is none.</summary>
    public ReadOnlyMemory<byte> Payload => _source.Message.Payload;

    internal RoutePath Parsed { get; }

    /// <summary>The body, read by the serializer of the bus; bytes and strings as they are.</summary>
    /// <exception cref="Client.PayloadFormatException">It cannot be read: the caller's fault, answered with 400 <c>bad-request</c>.</exception>
    public T Body<T>() => _source.Message.As<T>().Data;

    /// <inheritdoc />
    public override string ToString() => $"{Method} {Path}";

    internal static string CheckVerb(string verb)
    {
        ArgumentNullException.ThrowIfNull(verb);
        return verb.Length is > 0 and <= 32 && verb.All(char.IsAsciiLetter) ? verb.ToUpperInvariant() : throw new ArgumentException($"The verb '{(verb.Length <= 32 ? verb : verb[..32])}' is not valid: it is 1 to 32 letters, such as GET.", nameof(verb));
    }

    /// <summary>The same request at another route.</summary>
    internal RouteRequest At(RoutePattern pattern, List<KeyValuePair<string, string>> values) =>
        new(_source, Method, Parsed, Params.With(values), Route == "/" ? pattern.Text : Route + pattern.Text);
}
