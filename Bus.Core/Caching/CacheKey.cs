using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Caching;

/// <summary>What makes two calls equal: where they go, to which instance, and all that the caller sends along, byte by byte. What the bus adds of the call's context does not count.</summary>
internal sealed class CacheKey : IEquatable<CacheKey>
{
    private readonly string? _instance;
    private readonly string? _contentType;
    private readonly byte[] _headers;
    private readonly byte[] _payload;
    private readonly int _hash;

    private CacheKey(string topic, string? instance, string? contentType, byte[] headers, byte[] payload)
    {
        (Topic, _instance, _contentType, _headers, _payload) = (topic, instance, contentType, headers, payload);
        var hash = default(HashCode);
        hash.Add(topic, StringComparer.Ordinal);
        hash.Add(instance, StringComparer.Ordinal);
        hash.Add(contentType, StringComparer.Ordinal);
        hash.AddBytes(headers);
        hash.AddBytes(payload);
        _hash = hash.ToHashCode();
    }

    /// <summary>By which it is cleared: that of the method, also when one instance is called.</summary>
    public string Topic { get; }

    /// <summary>The bytes that it has.</summary>
    public int Size => _headers.Length + _payload.Length + (2 * (Topic.Length + (_instance?.Length ?? 0) + (_contentType?.Length ?? 0)));

    /// <param name="topic">Of the method.</param>
    /// <param name="instance">The one that is called. Null: any.</param>
    /// <param name="headers">Those that the caller gave.</param>
    /// <param name="request">Written as it would be sent.</param>
    /// <param name="codec">By this.</param>
    /// <exception cref="PayloadFormatException">The request cannot be written.</exception>
    public static CacheKey Of<T>(string topic, string? instance, BusHeaders? headers, T request, PayloadCodec codec)
    {
        var (payload, contentType) = Payloads.Encode(request, codec, headers: headers, topic: topic);
        return new CacheKey(topic, instance, contentType, HeaderBlock.Encode(headers), payload);
    }

    public bool Equals(CacheKey? other) =>
        other is not null && _hash == other._hash && Topic == other.Topic && _instance == other._instance && _contentType == other._contentType
        && _headers.AsSpan().SequenceEqual(other._headers) && _payload.AsSpan().SequenceEqual(other._payload);

    public override bool Equals(object? obj) => Equals(obj as CacheKey);

    public override int GetHashCode() => _hash;
}
