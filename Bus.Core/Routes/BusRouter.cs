using System.Collections.Immutable;

namespace Bus.Core.Routes;

/// <summary>
/// Routes requests with a verb and a path to handlers, as Express does it: routes with parameters, middleware, several handlers for a route, error handlers, routers within
/// routers. It is asked in this order: <c>Use</c> without a path, <c>Use</c> with a path, <c>All</c>, then the verb; within each of these in the order of registration,
/// and the handlers of one registration in theirs. Thread-safe; what is added while requests are under way is seen by later ones.
/// </summary>
/// <remarks>
/// An error, thrown or given to <see cref="RouteContext.NextAsync(Exception)"/>, goes to the error handlers of its route, then to those that are used with a path, then to
/// those without, then in the same way to the router around this one. What none of them answers is answered by the router: with the error of a
/// <see cref="Client.RemoteErrorException"/>, and otherwise with 500.
/// </remarks>
/// <param name="options">How paths are read. Default: neither letter case nor a slash at the end counts.</param>
public sealed class BusRouter(RouterOptions? options = null)
{
    private readonly RouterOptions _options = RouterOptions.Check(options);
    private readonly Lock _gate = new();

    /// <summary>What it consists of, in the order in which it is asked.</summary>
    internal ImmutableArray<RouteLayer> Layers { get; private set; } = [];

    /// <summary>Its error handlers, in the order in which they are asked.</summary>
    internal ImmutableArray<RouteLayer> ErrorLayers { get; private set; } = [];

    internal RouterOptions Options => _options;

    /// <summary>Handlers for GET requests.</summary>
    /// <param name="path">A pattern (<see cref="RoutePattern"/>).</param>
    /// <param name="handlers">At least one. The second runs when the first calls next, and so on.</param>
    /// <returns>This router.</returns>
    /// <exception cref="ArgumentException">The pattern is not valid, or there is no handler.</exception>
    public BusRouter Get(string path, params Func<RouteContext, ValueTask>[] handlers) => Map("GET", path, RouteHandlers.Of(handlers));

    /// <inheritdoc cref="Get(string, Func{RouteContext, ValueTask}[])"/>
    public BusRouter Get(string path, RouteHandlers handlers) => Map("GET", path, handlers);

    /// <summary>Handlers for POST requests.</summary>
    /// <inheritdoc cref="Get(string, Func{RouteContext, ValueTask}[])"/>
    public BusRouter Post(string path, params Func<RouteContext, ValueTask>[] handlers) => Map("POST", path, RouteHandlers.Of(handlers));

    /// <inheritdoc cref="Post(string, Func{RouteContext, ValueTask}[])"/>
    public BusRouter Post(string path, RouteHandlers handlers) => Map("POST", path, handlers);

    /// <summary>Handlers for PUT requests.</summary>
    /// <inheritdoc cref="Get(string, Func{RouteContext, ValueTask}[])"/>
    public BusRouter Put(string path, params Func<RouteContext, ValueTask>[] handlers) => Map("PUT", path, RouteHandlers.Of(handlers));

    /// <inheritdoc cref="Put(string, Func{RouteContext, ValueTask}[])"/>
    public BusRouter Put(string path, RouteHandlers handlers) => Map("PUT", path, handlers);

    /// <summary>Handlers for PATCH requests.</summary>
    /// <inheritdoc cref="Get(string, Func{RouteContext, ValueTask}[])"/>
    public BusRouter Patch(string path, params Func<RouteContext, ValueTask>[] handlers) => Map("PATCH", path, RouteHandlers.Of(handlers));

    /// <inheritdoc cref="Patch(string, Func{RouteContext, ValueTask}[])"/>
    public BusRouter Patch(string path, RouteHandlers handlers) => Map("PATCH", path, handlers);

    /// <summary>Handlers for DELETE requests.</summary>
    /// <inheritdoc cref="Get(string, Func{RouteContext, ValueTask}[])"/>
    public BusRouter Delete(string path, params Func<RouteContext, ValueTask>[] handlers) => Map("DELETE", path, RouteHandlers.Of(handlers));

    /// <inheritdoc cref="Delete(string, Func{RouteContext, ValueTask}[])"/>
    public BusRouter Delete(string path, RouteHandlers handlers) => Map("DELETE", path, handlers);

    /// <summary>Handlers for requests with any verb. They run before those of the verb.</summary>
    /// <inheritdoc cref="Get(string, Func{RouteContext, ValueTask}[])"/>
    public BusRouter All(string path, params Func<RouteContext, ValueTask>[] handlers) => All(path, RouteHandlers.Of(handlers));

    /// <inheritdoc cref="All(string, Func{RouteContext, ValueTask}[])"/>
    public BusRouter All(string path, RouteHandlers handlers) => Route(RouteGroup.All, null, path, handlers);

    /// <summary>Handlers for requests with a verb of any name.</summary>
    /// <param name="verb">Letters; their case does not count.</param>
    /// <param name="path">A pattern (<see cref="RoutePattern"/>).</param>
    /// <param name="handlers">At least one.</param>
    /// <returns>This router.</returns>
    /// <exception cref="ArgumentException">Verb or pattern is not valid, or there is no handler.</exception>
    public BusRouter Map(string verb, string path, RouteHandlers handlers) => Route(RouteGroup.Verb, RouteRequest.CheckVerb(verb), path, handlers);

    /// <summary>Middleware for all requests. It runs before everything else.</summary>
    /// <param name="handlers">At least one. Each answers, or calls next.</param>
    /// <returns>This router.</returns>
    /// <exception cref="ArgumentException">There is no handler.</exception>
    public BusRouter Use(params Func<RouteContext, ValueTask>[] handlers) => Use(RouteHandlers.Of(handlers));

    /// <summary>Error handlers for all that fails in this router, also before they were added.</summary>
    /// <inheritdoc cref="Use(Func{RouteContext, ValueTask}[])"/>
    public BusRouter Use(params Func<RouteContext, Exception, ValueTask>[] handlers) => Use(RouteHandlers.Of(handlers));

    /// <summary>Middleware and error handlers for all requests.</summary>
    /// <inheritdoc cref="Use(Func{RouteContext, ValueTask}[])"/>
    public BusRouter Use(RouteHandlers handlers) => AddUse(RouteGroup.Application, null, handlers);

    /// <summary>Middleware for a path and everything below it: <c>/api</c> is for <c>/api</c> and <c>/api/users</c>, not for <c>/apis</c>.</summary>
    /// <inheritdoc cref="Get(string, Func{RouteContext, ValueTask}[])"/>
    public BusRouter Use(string path, params Func<RouteContext, ValueTask>[] handlers) => Use(path, RouteHandlers.Of(handlers));

    /// <summary>Error handlers for what fails in requests of a path and everything below it.</summary>
    /// <inheritdoc cref="Get(string, Func{RouteContext, ValueTask}[])"/>
    public BusRouter Use(string path, params Func<RouteContext, Exception, ValueTask>[] handlers) => Use(path, RouteHandlers.Of(handlers));

    /// <summary>Middleware and error handlers for a path and everything below it.</summary>
    /// <inheritdoc cref="Get(string, Func{RouteContext, ValueTask}[])"/>
    public BusRouter Use(string path, RouteHandlers handlers) => AddUse(RouteGroup.Path, RoutePattern.Parse(path, _options), handlers);

    /// <summary>Another router. It stands among the middleware, and what it does not answer goes on here.</summary>
    /// <param name="router">Asked for all requests.</param>
    /// <returns>This router.</returns>
    /// <exception cref="ArgumentException">The routers would stand within each other for ever.</exception>
    public BusRouter Use(BusRouter router) => Nest(RouteGroup.Application, null, router);

    /// <summary>Another router, for a path and everything below it: its own patterns begin behind the path, whose parameters its handlers see too.</summary>
    /// <inheritdoc cref="Use(BusRouter)"/>
    /// <param name="path">A pattern (<see cref="RoutePattern"/>).</param>
    /// <param name="router">Asked for requests below the path.</param>
    public BusRouter Use(string path, BusRouter router) => Nest(RouteGroup.Path, RoutePattern.Parse(path, _options), router);

    /// <summary>Handlers for what nothing else has answered, in this router. Default: the router around it goes on, and the outermost answers with 404 <c>not-found</c>.</summary>
    /// <inheritdoc cref="Use(Func{RouteContext, ValueTask}[])"/>
    public BusRouter NotFound(params Func<RouteContext, ValueTask>[] handlers) => Add(new RouteLayer(RouteGroup.NotFound, null, null, [.. Checked(RouteHandlers.Of(handlers)).Normal], []));

    private static RouteHandlers Checked(RouteHandlers handlers)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        return handlers.Normal.Count + handlers.OfErrors.Count > 0 ? handlers : throw new ArgumentException("There is no handler: give at least one.", nameof(handlers));
    }

    private BusRouter Route(RouteGroup group, string? verb, string path, RouteHandlers handlers) =>
        Add(new RouteLayer(group, verb, RoutePattern.Parse(path, _options), [.. Checked(handlers).Normal], [.. handlers.OfErrors]));

    private BusRouter AddUse(RouteGroup group, RoutePattern? pattern, RouteHandlers handlers)
    {
        if (Checked(handlers).Normal.Count > 0) Add(new RouteLayer(group, null, pattern, [.. handlers.Normal], []));
        if (handlers.OfErrors.Count == 0) return this;
        var layer = new RouteLayer(group, null, pattern, [], [.. handlers.OfErrors]);
        // Inside out: first those of a path.
        lock (_gate) ErrorLayers = group == RouteGroup.Application ? ErrorLayers.Add(layer) : ErrorLayers.Insert(ErrorLayers.Count(other => other.Group == group), layer);
        return this;
    }

    private BusRouter Nest(RouteGroup group, RoutePattern? pattern, BusRouter router)
    {
        ArgumentNullException.ThrowIfNull(router);
        if (router.Holds(this)) throw new ArgumentException("A router cannot stand within itself, not even by way of others: use a new one.", nameof(router));
        return Add(new RouteLayer(group, null, pattern, [], [], router));
    }

    private bool Holds(BusRouter other) => other == this || Layers.Any(layer => layer.Router is { } router && router.Holds(other));

    private BusRouter Add(RouteLayer layer)
    {
        lock (_gate)
        {
            var at = Layers.Length;
            while (at > 0 && Layers[at - 1].Group > layer.Group) at--;
            Layers = Layers.Insert(at, layer);
        }

        return this;
    }
}
