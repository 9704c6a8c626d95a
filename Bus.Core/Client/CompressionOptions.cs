using System.IO.Compression;

namespace Bus.Core.Client;

/// <summary>
/// Whether payloads are compressed on their way. The sender decides; whoever receives with IpcBus notices nothing. A plain NATS client sees the header
/// <c>Content-Encoding</c> (<c>br</c> or <c>gzip</c>). What the bus itself reads, and replies to requests of plain NATS clients, are never compressed.
/// </summary>
public sealed record CompressionOptions
{
    /// <summary>The largest that <see cref="MaxDecompressed"/> may be: 1 GiB.</summary>
    public const int MaxMaxDecompressed = 1024 * 1024 * 1024;

    /// <summary>Payloads with more bytes than this are compressed, if that makes them smaller. Default: null, none.</summary>
    public int? Above { get; init; }

    /// <summary>How. Default: <see cref="CompressionMethod.Brotli"/>.</summary>
    public CompressionMethod Method { get; init; }

    /// <summary>How much time is spent on it. Default: <see cref="CompressionLevel.Fastest"/>.</summary>
    public CompressionLevel Level { get; init; } = CompressionLevel.Fastest;

    /// <summary>
    /// The most bytes that a payload may have when it is decompressed: what has more is refused with a <see cref="PayloadTooLargeException"/>, and not compressed when it is
    /// sent. From 1 to 1 GiB. Default: 16 MiB.
    /// </summary>
    public int MaxDecompressed { get; init; } = 16 * 1024 * 1024;

    /// <summary>Checks that the values make sense.</summary>
    /// <exception cref="ArgumentException">One does not; the message names it and what is allowed.</exception>
    public void Validate()
    {
        if (Above is { } above) ArgumentOutOfRangeException.ThrowIfNegative(above, nameof(Above));
        if (!Enum.IsDefined(Method)) throw new ArgumentOutOfRangeException(nameof(Method), Method, $"Choose one of {string.Join(", ", Enum.GetNames<CompressionMethod>())}.");
        if (!Enum.IsDefined(Level) || Level == CompressionLevel.NoCompression)
            throw new ArgumentOutOfRangeException(nameof(Level), Level, "Choose Fastest, Optimal or SmallestSize; to compress nothing, leave Above null.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxDecompressed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxDecompressed, MaxMaxDecompressed);
    }
}

/// <summary>How payloads are compressed. Both are always understood.</summary>
public enum CompressionMethod
{
    /// <summary>Brotli (<c>br</c>).</summary>
    Brotli,

    /// <summary>Gzip (<c>gzip</c>), which more languages have at hand.</summary>
    GZip,
}
