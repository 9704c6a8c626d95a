using System.Text.Json.Serialization;

namespace Bus.Core;

/// <summary>What a bus has at the moment, and what it had to give up since its start. At rest, with the same clients, the numbers are the same as before.</summary>
public sealed record BusStatistics
{
    /// <summary>Process id of the bus.</summary>
    public required int Pid { get; init; }

    /// <summary>Since when it runs.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Open connections, also those that are being closed.</summary>
    public required int Connections { get; init; }

    /// <summary>Participants: connections that have introduced themselves, and the buses inside the process of the bus.</summary>
    public required int Clients { get; init; }

    /// <summary>Subscriptions, those of the bus's own services included, and those that C# clients have for the answers they get.</summary>
    public required int Subscriptions { get; init; }

    /// <summary>Filters that are subscribed to, or were within the last second or two.</summary>
    public required int Filters { get; init; }

    /// <summary>Actors that deliver the messages of a filter: as many as filters, but for those that are just coming or going.</summary>
    public required int TopicActors { get; init; }

    /// <summary>Last values that are kept for topics.</summary>
    public required int RetainedValues { get; init; }

    /// <summary>Bytes that these take.</summary>
    public required long RetainedBytes { get; init; }

    /// <summary>Blocks of memory that messages on their way hold. The request for these numbers holds some too.</summary>
    public required int Slabs { get; init; }

    /// <summary>Bytes of the process that are in memory.</summary>
    public required long WorkingSet { get; init; }

    /// <summary>Bytes of its managed heap, what is not yet collected included.</summary>
    public required long Heap { get; init; }

    /// <summary>Connections that were closed because they did not read what they had subscribed to.</summary>
    public required long SlowConsumers { get; init; }

    /// <summary>Batches of messages that were given up because delivering them failed twice. Each is an error in the log.</summary>
    public required long DroppedBatches { get; init; }
}

/// <summary>How the statistics look on the wire.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BusStatistics))]
internal sealed partial class StatisticsJson : JsonSerializerContext;
