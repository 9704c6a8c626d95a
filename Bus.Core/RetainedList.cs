using System.Text.Json.Serialization;

namespace Bus.Core;

/// <summary>What a bus keeps as the last values of topics.</summary>
public sealed record RetainedList
{
    /// <summary>Topics that match and have a value.</summary>
    public required int Count { get; init; }

    /// <summary>Bytes that these take: topics, headers and payloads.</summary>
    public required long Bytes { get; init; }

    /// <summary>Topics that may have a value, over all.</summary>
    public required int MaxValues { get; init; }

    /// <summary>Bytes that all values may take.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>Messages that the bus refused since its start, because it could keep no more.</summary>
    public required long Refused { get; init; }

    /// <summary>The topics in the order in which their values came, the first 1,000 of them.</summary>
    public required IReadOnlyList<RetainedTopic> Values { get; init; }
}

/// <summary>A topic that has a value.</summary>
public sealed record RetainedTopic
{
    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>Bytes of the payload.</summary>
    public required int Size { get; init; }

    /// <summary>When the value was published.</summary>
    public required DateTimeOffset Since { get; init; }
}

/// <summary>How retained values look on the wire.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RetainedList))]
internal sealed partial class RetainedJson : JsonSerializerContext;
