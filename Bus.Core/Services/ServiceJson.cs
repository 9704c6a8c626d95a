using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bus.Core.Services;

/// <summary>What every answer of an instance begins with.</summary>
internal abstract record ServiceAnswer
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("version")]
    public required string Version { get; init; }

    [JsonPropertyName("metadata")]
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>What an instance answers on <c>$SRV.PING</c>.</summary>
internal sealed record ServicePing : ServiceAnswer
{
    [JsonPropertyName("type")]
    public string Type { get; init; } = "io.nats.micro.v1.ping_response";
}

/// <summary>What an instance answers on <c>$SRV.INFO</c>.</summary>
internal sealed record ServiceInfo : ServiceAnswer
{
    [JsonPropertyName("type")]
    public string Type { get; init; } = "io.nats.micro.v1.info_response";

    [JsonPropertyName("description")]
    public string Description { get; init; } = "";

    [JsonPropertyName("endpoints")]
    public IReadOnlyList<EndpointInfo> Endpoints { get; init; } = [];
}

/// <summary>A method, as the NATS services convention tells of it.</summary>
internal record EndpointInfo
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("subject")]
    public required string Subject { get; init; }

    [JsonPropertyName("queue_group")]
    public string QueueGroup { get; init; } = "";

    [JsonPropertyName("metadata")]
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>What an instance answers on <c>$SRV.STATS</c>.</summary>
internal sealed record ServiceStats : ServiceAnswer
{
    [JsonPropertyName("type")]
    public string Type { get; init; } = "io.nats.micro.v1.stats_response";

    [JsonPropertyName("started")]
    public DateTime Started { get; init; }

    [JsonPropertyName("endpoints")]
    public IReadOnlyList<EndpointStats> Endpoints { get; init; } = [];
}

/// <summary>What a method has done. Times in nanoseconds.</summary>
internal sealed record EndpointStats : EndpointInfo
{
    [JsonPropertyName("num_requests")]
    public long Requests { get; init; }

    [JsonPropertyName("num_errors")]
    public long Errors { get; init; }

    [JsonPropertyName("last_error")]
    public string LastError { get; init; } = "";

    [JsonPropertyName("processing_time")]
    [JsonConverter(typeof(WholeNumberConverter))]
    public long ProcessingTime { get; init; }

    [JsonPropertyName("average_processing_time")]
    [JsonConverter(typeof(WholeNumberConverter))]
    public long AverageProcessingTime { get; init; }
}

/// <summary>Averages of nanoseconds that other libraries write with a fraction are whole numbers all the same.</summary>
internal sealed class WholeNumberConverter : JsonConverter<long>
{
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TryGetInt64(out var number) ? number : (long)reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServicePing))]
[JsonSerializable(typeof(ServiceInfo))]
[JsonSerializable(typeof(ServiceStats))]
internal sealed partial class ServiceJson : JsonSerializerContext;
