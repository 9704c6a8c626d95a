using Bus.Core.Client;

namespace Bus.Core.Routes;

/// <summary>One request on its way through a router and those within it: what all its handlers share.</summary>
internal sealed class RouteFlow(RouteSource source, string what, CancellationToken cancellationToken)
{
    // Each handler that calls the next one stands on the stack until all is done; the whole of it would hold some thousands.
    private const int MaxOnStack = 256;

    private Dictionary<string, object?>? _items;
    private int _handlers;

    public RouteResponse Response { get; } = new(source, what);

    public CancellationToken CancellationToken { get; } = cancellationToken;

    public IDictionary<string, object?> Items => _items ??= new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>The last error that no error handler has dealt with.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Called for each handler.</summary>
    /// <returns>Whether to go on with an empty stack.</returns>
    public bool IsDeep() => Interlocked.Increment(ref _handlers) % MaxOnStack == 0;

    /// <summary>Runs a request.</summary>
    /// <param name="router">The outermost router.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="verb">Its verb; null or empty: GET.</param>
    /// <param name="target">Its path with query; null: the root.</param>
    /// <param name="cancellationToken">Given to the handlers.</param>
    /// <returns>Whether it was answered, and what went wrong that nobody has dealt with: without an answer always something, with one what failed behind it.</returns>
    public static async Task<(bool IsSent, Exception? Fault)> RunAsync(BusRouter router, RouteSource source, string? verb, string? target, CancellationToken cancellationToken)
    {
        RouteRequest request;
        try
        {
            request = new RouteRequest(source, Verb(verb), RoutePath.Parse(target ?? "/", router.Options.MaxPathLength));
        }
        catch (RemoteErrorException e)
        {
            return (false, e);
        }

        var flow = new RouteFlow(source, request.ToString(), cancellationToken);
        await new RouterRun(router, flow, request, start: 0, parent: null, mount: 0).FromLayerAsync(0);
        var isSent = flow.Response.IsSent;
        return (isSent, flow.Fault ?? (isSent ? null : NotFound(router, request)));
    }

    private static string Verb(string? verb)
    {
        try
        {
            return string.IsNullOrEmpty(verb) ? "GET" : RouteRequest.CheckVerb(verb);
        }
        catch (ArgumentException e)
        {
            throw new RemoteErrorException(e.Message, 400, BusErrors.BadRequest);
        }
    }

    private static RemoteErrorException NotFound(BusRouter router, RouteRequest request)
    {
        var verbs = new SortedSet<string>(StringComparer.Ordinal);
        RouterRun.CollectVerbs(router, request, 0, verbs);
        var hint = verbs.Count == 0 ? "check verb and path" : $"this path knows {string.Join(", ", verbs)}";
        return new RemoteErrorException($"Nothing answers {request}: {hint}.", 404, "not-found");
    }
}
