namespace Bus.Core.Calls;

/// <summary>How many calls are made together.</summary>
public sealed record CallOptions
{
    /// <summary>Calls under way at the same time at most. Default: 16.</summary>
    public int MaxInFlight { get; init; } = 16;

    /// <summary>How each call is made again when it fails. Default: null, not at all.</summary>
    public RetryOptions? Retry { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value makes no sense.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxInFlight, 1);
        Retry?.Validate();
    }
}
