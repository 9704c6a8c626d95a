using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Bus.Core.Messages;

namespace Bus.Core.Client;

/// <summary>Compresses payloads, and decompresses what anybody may have sent: within a limit, and whole or not at all. Thread-safe.</summary>
internal static class PayloadCompression
{
    private const int BrotliWindow = 22;

    // Its header, an empty block, checksum and length.
    private const int MinGZip = 20;

    /// <summary>The header line of a method.</summary>
    public static ReadOnlySpan<byte> Line(CompressionMethod method) => method == CompressionMethod.Brotli ? "Content-Encoding: br\r\n"u8 : "Content-Encoding: gzip\r\n"u8;

    /// <summary>The method that a value of the header names. Null: none, or one that is not known here.</summary>
    public static CompressionMethod? Known(ReadOnlySpan<byte> encoding)
    {
        if (Ascii.EqualsIgnoreCase(encoding, "br"u8)) return CompressionMethod.Brotli;
        return Ascii.EqualsIgnoreCase(encoding, "gzip"u8) || Ascii.EqualsIgnoreCase(encoding, "x-gzip"u8) ? CompressionMethod.GZip : null;
    }

    /// <returns>Bytes written. Zero: it does not fit into the target.</returns>
    public static int Compress(ReadOnlySpan<byte> payload, Span<byte> target, CompressionOptions options)
    {
        if (options.Method == CompressionMethod.Brotli) return BrotliEncoder.TryCompress(payload, target, out var written, Quality(options.Level), BrotliWindow) ? written : 0;
        using var compressed = new MemoryStream(Math.Max(256, payload.Length / 4));
        using (var gzip = new GZipStream(compressed, options.Level, leaveOpen: true)) gzip.Write(payload);
        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length).TryCopyTo(target) ? (int)compressed.Length : 0;
    }

    /// <summary>The payload as it was before it was compressed.</summary>
    /// <param name="payload">What arrived. An empty one stays empty.</param>
    /// <param name="method">How it was compressed.</param>
    /// <param name="limit">The most bytes that it may have.</param>
    /// <param name="result">It.</param>
    /// <returns>Whether it is within the limit.</returns>
    /// <exception cref="InvalidDataException">The payload is damaged, cut off, or followed by something else.</exception>
    public static bool TryDecompress(ReadOnlyMemory<byte> payload, CompressionMethod method, int limit, out ReadOnlyMemory<byte> result)
    {
        result = default;
        if (payload.IsEmpty) return true;
        // A byte more than is allowed, to see that there is more. What a payload claims to become is not believed: it has to grow.
        var buffer = new byte[(int)Math.Min(limit + 1L, Math.Max(256L, 4L * payload.Length))];
        var written = method == CompressionMethod.Brotli ? Brotli(payload.Span, ref buffer, limit) : GZip(payload, ref buffer, limit);
        if (written > limit) return false;
        result = buffer.AsMemory(0, written);
        return true;
    }

    /// <summary>The payload of a message as it was before it was compressed. Null: it is not compressed, damaged, or becomes larger than the limit.</summary>
    public static ReadOnlyMemory<byte>? TryOpen(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload, int limit)
    {
        if (Known(ContentHeaders.EncodingOf(headers)) is not { } method) return null;
        try
        {
            return TryDecompress(payload.ToArray(), method, limit, out var opened) ? opened : default(ReadOnlyMemory<byte>?);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static int Brotli(ReadOnlySpan<byte> source, ref byte[] buffer, int limit)
    {
        using var decoder = new BrotliDecoder();
        var written = 0;
        while (true)
        {
            var status = decoder.Decompress(source, buffer.AsSpan(written), out var consumed, out var more);
            source = source[consumed..];
            written += more;
            if (written > limit) return written;
            switch (status)
            {
                case OperationStatus.Done when source.IsEmpty:
                    return written;
                case OperationStatus.Done:
                    throw new InvalidDataException($"{Plural.Of(source.Length, "byte")} follow its end.");
                case OperationStatus.DestinationTooSmall:
                    Grow(ref buffer, limit);
                    break;
                case OperationStatus.NeedMoreData:
                    throw new InvalidDataException("It is cut off.");
                default:
                    throw new InvalidDataException("It is damaged.");
            }
        }
    }

    private static int GZip(ReadOnlyMemory<byte> payload, ref byte[] buffer, int limit)
    {
        using var source = MemoryMarshal.TryGetArray(payload, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(payload.ToArray());
        using var gzip = new GZipStream(source, CompressionMode.Decompress);
        var written = 0;
        while (written <= limit)
        {
            if (written == buffer.Length) Grow(ref buffer, limit);
            var read = gzip.Read(buffer.AsSpan(written));
            if (read == 0) break;
            written += read;
        }

        // GZipStream takes the end of the bytes for the end of what was compressed, and does not look at what follows that.
        if (written <= limit && (payload.Length < MinGZip || BinaryPrimitives.ReadUInt32LittleEndian(payload.Span[^sizeof(uint)..]) != (uint)written))
            throw new InvalidDataException("It is cut off, or more follows its end.");
        return written;
    }

    private static void Grow(ref byte[] buffer, int limit) => Array.Resize(ref buffer, (int)Math.Min(limit + 1L, 2L * buffer.Length));

    private static int Quality(CompressionLevel level) => level switch
    {
        CompressionLevel.Fastest => 1,
        CompressionLevel.Optimal => 4,
        _ => 11,
    };
}
