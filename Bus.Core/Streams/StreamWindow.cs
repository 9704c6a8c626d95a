namespace Bus.Core.Streams;

/// <summary>
/// How much of a stream may be under way or wait to be read: whoever sends it stops there until the reader has taken some. The larger it is, the less a stream is held up by the
/// time that messages take; the smaller, the less memory it takes.
/// </summary>
public sealed record StreamWindow
{
    /// <summary>64 items and 1 MiB.</summary>
    public static readonly StreamWindow Default = new();

    /// <summary>Items at most. Default: 64.</summary>
    public int Items { get; init; } = 64;

    /// <summary>
    /// Bytes of payload after which no other item is sent: what waits is less than this and one item more. Default: 1,048,576 (1 MiB).
    /// </summary>
    public long Bytes { get; init; } = 1024 * 1024;

    /// <exception cref="ArgumentOutOfRangeException">A value makes no sense.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Items, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Items, 1_000_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(Bytes, 1);
    }
}
