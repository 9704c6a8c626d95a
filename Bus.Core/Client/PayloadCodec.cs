using System.Text;
using Bus.Core.Messages;

namespace Bus.Core.Client;

/// <summary>
/// The serializers of a bus, the first of which is its own, and how it compresses. Which serializer takes a message is told by its content type or, without one, by
/// the type of the value. Immutable and thread-safe.
/// </summary>
internal sealed class PayloadCodec
{
    private const int MaxShown = 80;

    private readonly Entry[] _entries;

    /// <exception cref="ArgumentException">A serializer is null, or its content type cannot stand in a header.</exception>
    public PayloadCodec(IBusSerializer serializer, IReadOnlyList<IBusSerializer>? others = null, CompressionOptions? compression = null)
    {
        _entries = [.. new[] { serializer }.Concat(others ?? []).Select(Entry.Of)];
        Compression = compression ?? new CompressionOptions();
        Compression.Validate();
        IsPlain = _entries.Length == 1 && _entries[0].Line.Length == 0 && Compression.Above is null;
    }

    /// <summary>JSON, and nothing else.</summary>
    public static PayloadCodec Default { get; } = new(JsonBusSerializer.Default);

    public CompressionOptions Compression { get; }

    /// <summary>Nothing has to be chosen, and nothing is added to a message.</summary>
    public bool IsPlain { get; }

    /// <summary>What writes a value.</summary>
    /// <param name="headers">A content type that the user gave.</param>
    /// <param name="reply">What the answered request asks for. Null: it is no answer.</param>
    public Entry Writer<T>(BusHeaders? headers, ReplyFormat? reply)
    {
        if (_entries.Length == 1) return _entries[0];
        if (headers is not null && headers.TryGetValue(ContentHeaders.Type, out var wanted) && Find(Encoding.UTF8.GetBytes(wanted)) is { } named) return named;
        if (reply?.ContentType is { } asked && Find(Encoding.UTF8.GetBytes(asked)) is { } answering && answering.Serializer.Supports(typeof(T))) return answering;
        return ByType(typeof(T));
    }

    /// <summary>What reads a payload.</summary>
    /// <exception cref="PayloadFormatException">Nobody here reads its content type.</exception>
    public IBusSerializer Reader<T>(ReadOnlySpan<byte> contentType, int length, string topic)
    {
        if (contentType.IsEmpty) return ByType(typeof(T)).Serializer;
        if (Find(contentType) is { } entry) return entry.Serializer;
        var known = string.Join(", ", _entries.Select(e => e.ContentType ?? $"what {e.Serializer.GetType().Name} writes without a content type"));
        throw new PayloadFormatException($"The payload on '{topic}' ({Plural.Of(length, "byte")}) has the content type '{Shown(contentType)}', which nothing here can read as {typeof(T)}; this bus reads {known}. Send it as that, or add a serializer for it to the Serializers of the bus's options.", topic)
        {
            UnsupportedType = Shown(contentType),
        };
    }

    /// <summary>The payload as it was before it was compressed.</summary>
    /// <exception cref="PayloadFormatException">It is damaged.</exception>
    /// <exception cref="PayloadTooLargeException">It becomes larger than is allowed.</exception>
    public ReadOnlyMemory<byte> Decompress(ReadOnlyMemory<byte> payload, CompressionMethod method, string topic)
    {
        try
        {
            if (PayloadCompression.TryDecompress(payload, method, Compression.MaxDecompressed, out var result)) return result;
        }
        catch (InvalidDataException e)
        {
            throw new PayloadFormatException($"The payload on '{topic}' ({Plural.Of(payload.Length, "byte")}) is said to be compressed by {method}, and cannot be decompressed: {e.Message}", topic, e);
        }

        throw PayloadTooLargeException.Received(topic, payload.Length, Compression.MaxDecompressed);
    }

    /// <summary>What a peer sent, for an error.</summary>
    public static string Shown(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value[..Math.Min(value.Length, MaxShown)]);
        return $"{string.Concat(text.Select(c => char.IsControl(c) ? '.' : c))}{(value.Length > MaxShown ? "..." : "")}";
    }

    private Entry ByType(Type type)
    {
        if (_entries.Length == 1) return _entries[0];
        foreach (var entry in _entries)
        {
            if (entry.Serializer.Supports(type)) return entry;
        }

        // It says better than anybody why it cannot.
        return _entries[0];
    }

    private Entry? Find(ReadOnlySpan<byte> contentType)
    {
        var mediaType = ContentHeaders.MediaType(contentType);
        foreach (var entry in _entries)
        {
            if (entry.ContentType is { } own && Ascii.EqualsIgnoreCase(mediaType, own)) return ContentHeaders.IsUtf8(contentType) ? entry : null;
        }

        var name = Encoding.UTF8.GetString(mediaType).ToLowerInvariant();
        return ContentHeaders.IsUtf8(contentType) ? Array.Find(_entries, e => e.Serializer.Reads(name)) : null;
    }

    /// <summary>A serializer.</summary>
    /// <param name="Serializer">It.</param>
    /// <param name="ContentType">What it writes. Null: that has no name.</param>
    /// <param name="Line">The header line that is sent along. Empty: none.</param>
    internal sealed record Entry(IBusSerializer Serializer, string? ContentType, byte[] Line)
    {
        public static Entry Of(IBusSerializer serializer)
        {
            ArgumentNullException.ThrowIfNull(serializer);
            var type = serializer.ContentType;
            if (type is not null && !IsMediaType(type))
                throw new ArgumentException($"{serializer.GetType().Name} has the content type '{Shown(Encoding.UTF8.GetBytes(type))}': it has to be two names of visible ASCII characters around a '/', without parameters, such as 'application/x-msgpack'.", nameof(serializer));
            if (type is null && serializer.SendsContentType) throw new ArgumentException($"{serializer.GetType().Name} says that it sends its content type, and has none.", nameof(serializer));
            return new Entry(serializer, type, serializer.SendsContentType ? Encoding.ASCII.GetBytes($"{ContentHeaders.Type}: {type}\r\n") : []);
        }

        private static bool IsMediaType(string type) =>
            type.Length <= MaxShown && type.Split('/') is [{ Length: > 0 }, { Length: > 0 }] && type.All(c => c is > ' ' and <= '~' and not (';' or ',' or '"'));
    }
}

/// <summary>What whoever sent a request wants its answer to be like.</summary>
/// <param name="ContentType">As the request had it. Null: it had none.</param>
/// <param name="IsCompressible">Whether it is known to decompress.</param>
internal sealed record ReplyFormat(string? ContentType, bool IsCompressible);
