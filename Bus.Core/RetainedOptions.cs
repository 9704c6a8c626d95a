namespace Bus.Core;

/// <summary>How much the bus keeps as the last values of topics. What does not fit is refused, never dropped in silence.</summary>
public sealed record RetainedOptions
{
    /// <summary>Topics that may have a value at the same time. Default: 10,000. Zero: nothing is retained.</summary>
    public int MaxValues { get; init; } = 10_000;

    /// <summary>Bytes of all values together: topics, headers and payloads. Default: 64 MiB.</summary>
    public long MaxBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Checks that the values make sense.</summary>
    /// <exception cref="ArgumentException">One does not; the message names it and what is allowed.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaxValues);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxBytes);
    }
}
