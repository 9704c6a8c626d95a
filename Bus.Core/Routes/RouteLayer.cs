namespace Bus.Core.Routes;

/// <summary>The groups of a router, in the order in which they are asked.</summary>
internal enum RouteGroup
{
    /// <summary>Use without a path.</summary>
    Application,

    /// <summary>Use with a path.</summary>
    Path,

    /// <summary>Routes for every verb.</summary>
    All,

    /// <summary>Routes for one verb.</summary>
    Verb,

    /// <summary>What runs when nothing else has answered.</summary>
    NotFound,
}

/// <summary>What one registration at a router adds: where it stands, what it matches, and what then runs.</summary>
/// <param name="Group">Where it stands.</param>
/// <param name="Verb">The verb that it is for; null: every one.</param>
/// <param name="Pattern">The path that it is for; null: every one.</param>
/// <param name="Handlers">What runs, unless it is a router.</param>
/// <param name="ErrorHandlers">What the errors of these handlers go to first; of an error layer, what it consists of.</param>
/// <param name="Router">The router that stands here.</param>
internal sealed record RouteLayer(
    RouteGroup Group,
    string? Verb,
    RoutePattern? Pattern,
    Func<RouteContext, ValueTask>[] Handlers,
    Func<RouteContext, Exception, ValueTask>[] ErrorHandlers,
    BusRouter? Router = null)
{
    // What is used on a path is used for all below it.
    private bool IsPrefix => Group is RouteGroup.Application or RouteGroup.Path;

    /// <summary>The request as this layer sees it; null when the layer is not for it.</summary>
    /// <param name="request">As the router sees it.</param>
    /// <param name="start">The segment of the path that the router begins with.</param>
    /// <param name="end">The segment that follows what it matches.</param>
    public RouteRequest? Match(RouteRequest request, int start, out int end)
    {
        end = start;
        if (Verb is not null && !Verb.Equals(request.Method, StringComparison.OrdinalIgnoreCase)) return null;
        if (Pattern is null) return request;
        var values = new List<KeyValuePair<string, string>>();
        end = Pattern.Match(request.Parsed, start, IsPrefix, values);
        return end < 0 ? null : request.At(Pattern, values);
    }
}
