namespace Bus.Core.Routes;

/// <summary>How a router reads paths.</summary>
public sealed record RouterOptions
{
    /// <summary>Whether literal segments have to agree in letter case. Default: no. Values of parameters always keep theirs.</summary>
    public bool CaseSensitive { get; init; }

    /// <summary>Whether a slash at the end of a path counts: with it <c>/users/</c> is another path than <c>/users</c>. Never with <see cref="BusRouter.Use(string, Func{RouteContext, ValueTask}[])"/>. Default: no.</summary>
    public bool Strict { get; init; }

    /// <summary>How long the path of a request may be, with its query, in characters. A longer one is answered with 414. Default: 8,192.</summary>
    public int MaxPathLength { get; init; } = 8192;

    internal static RouterOptions Default { get; } = new();

    internal static RouterOptions Check(RouterOptions? options)
    {
        options ??= Default;
        return options.MaxPathLength > 0 ? options : throw new ArgumentException($"{nameof(MaxPathLength)} is {options.MaxPathLength}: it has to be more than zero.", nameof(options));
    }
}
