using System.Collections;

namespace Bus.Core.Routes;

/// <summary>
/// Handlers and error handlers of one route, in any mixture: <c>new RouteHandlers { first, second, (context, error) => ... }</c>. Each kind keeps its order. Not thread-safe while it is being filled.
/// </summary>
public sealed class RouteHandlers : IEnumerable<Delegate>
{
    internal List<Func<RouteContext, ValueTask>> Normal { get; } = [];

    internal List<Func<RouteContext, Exception, ValueTask>> OfErrors { get; } = [];

    /// <summary>Adds a handler behind those that are there.</summary>
    public void Add(Func<RouteContext, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Normal.Add(handler);
    }

    /// <summary>Adds an error handler behind those that are there.</summary>
    public void Add(Func<RouteContext, Exception, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        OfErrors.Add(handler);
    }

    /// <summary>Adds all of another list.</summary>
    public void Add(RouteHandlers handlers)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        Normal.AddRange(handlers.Normal);
        OfErrors.AddRange(handlers.OfErrors);
    }

    /// <summary>All of them, handlers first.</summary>
    public IEnumerator<Delegate> GetEnumerator() => Normal.Cast<Delegate>().Concat(OfErrors).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static RouteHandlers Of(Func<RouteContext, ValueTask>[] handlers)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        var all = new RouteHandlers();
        foreach (var handler in handlers) all.Add(handler);
        return all;
    }

    internal static RouteHandlers Of(Func<RouteContext, Exception, ValueTask>[] handlers)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        var all = new RouteHandlers();
        foreach (var handler in handlers) all.Add(handler);
        return all;
    }
}
