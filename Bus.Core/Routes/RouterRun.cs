using System.Collections.Immutable;

namespace Bus.Core.Routes;

/// <summary>
/// One request within one router. Handlers are found while it runs: each next looks for the layer that follows. Nothing in here throws; what fails goes to error handlers,
/// and in the end to the flow.
/// </summary>
/// <param name="router">The router.</param>
/// <param name="flow">The request.</param>
/// <param name="request">The request as the router sees it.</param>
/// <param name="start">The segment of the path that its patterns begin with.</param>
/// <param name="parent">The run of the router around it.</param>
/// <param name="mount">Where it stands in that.</param>
internal sealed class RouterRun(BusRouter router, RouteFlow flow, RouteRequest request, int start, RouterRun? parent, int mount)
{
    // As it is now: who adds routes meanwhile disturbs nobody.
    private readonly ImmutableArray<RouteLayer> _layers = router.Layers;

    /// <summary>The verbs of the routes that have this path.</summary>
    public static void CollectVerbs(BusRouter router, RouteRequest request, int start, SortedSet<string> verbs)
    {
        foreach (var layer in router.Layers)
        {
            if (layer.Router is null && layer.Verb is null) continue;
            if ((layer with { Verb = null }).Match(request, start, out var end) is not { } matched) continue;
            if (layer.Verb is not null) verbs.Add(layer.Verb);
            if (layer.Router is { } nested) CollectVerbs(nested, matched, end, verbs);
        }
    }

    /// <summary>Runs from a layer on.</summary>
    public Task FromLayerAsync(int index)
    {
        for (; index < _layers.Length; index++)
        {
            var layer = _layers[index];
            if (layer.Match(request, start, out var end) is not { } matched) continue;
            if (layer.Router is { } nested) return new RouterRun(nested, flow, matched, end, this, index).FromLayerAsync(0);
            if (layer.Handlers.Length > 0) return FromHandlerAsync(layer, index, 0, matched);
        }

        return parent?.FromLayerAsync(mount + 1) ?? Task.CompletedTask;
    }

    private async Task FromHandlerAsync(RouteLayer layer, int index, int handler, RouteRequest matched)
    {
        if (flow.IsDeep()) await Task.Yield();
        var context = new RouteContext(flow, matched, error => error is null ? BehindAsync(layer, index, handler, matched) : FailAsync(layer, index, handler, matched, error));
        if (await context.RunAsync(layer.Handlers[handler]) is { } thrown) await FailAsync(layer, index, handler, matched, thrown);
    }

    private Task BehindAsync(RouteLayer layer, int index, int handler, RouteRequest matched) =>
        handler + 1 < layer.Handlers.Length ? FromHandlerAsync(layer, index, handler + 1, matched) : FromLayerAsync(index + 1);

    private Task FailAsync(RouteLayer layer, int index, int handler, RouteRequest matched, Exception error)
    {
        var handlers = layer.ErrorHandlers.Select(handle => (handle, matched)).ToList();
        CollectErrorHandlers(handlers);
        return FromErrorHandlerAsync(handlers, 0, error, () => BehindAsync(layer, index, handler, matched));
    }

    private void CollectErrorHandlers(List<(Func<RouteContext, Exception, ValueTask> Handle, RouteRequest Request)> handlers)
    {
        foreach (var layer in router.ErrorLayers)
        {
            if (layer.Match(request, start, out _) is not { } matched) continue;
            foreach (var handle in layer.ErrorHandlers) handlers.Add((handle, matched));
        }

        parent?.CollectErrorHandlers(handlers);
    }

    private async Task FromErrorHandlerAsync(List<(Func<RouteContext, Exception, ValueTask> Handle, RouteRequest Request)> handlers, int at, Exception error, Func<Task> resume)
    {
        if (at == handlers.Count)
        {
            flow.Fault = error;
            return;
        }

        if (flow.IsDeep()) await Task.Yield();
        var (handle, matched) = handlers[at];
        var context = new RouteContext(flow, matched, other => other is null ? resume() : FromErrorHandlerAsync(handlers, at + 1, other, resume));
        var thrown = await context.RunAsync(c => handle(c, error));
        // One that only looks on passes the error on.
        if (thrown is not null) await FromErrorHandlerAsync(handlers, at + 1, thrown is UnansweredException ? error : thrown, resume);
    }
}
