using System.Text.Json.Serialization;

namespace Bus.Core.Presence;

/// <summary>Somebody came or left.</summary>
public sealed record PresenceEvent
{
    /// <summary>Which of the two.</summary>
    public required PresenceKind Kind { get; init; }

    /// <summary>Why it left. Null when it came, or when it left while the connection of the watcher was down.</summary>
    public LeaveReason? Reason { get; init; }

    /// <summary>Who.</summary>
    public required BusParticipant Client { get; init; }
}

/// <summary>Came or left.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PresenceKind>))]
public enum PresenceKind
{
    /// <summary>Somebody came.</summary>
    [JsonStringEnumMemberName("join")]
    Join,

    /// <summary>Somebody left.</summary>
    [JsonStringEnumMemberName("leave")]
    Leave,
}

/// <summary>Why a participant is not on the bus any more.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LeaveReason>))]
public enum LeaveReason
{
    /// <summary>It closed its bus and said so.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed,

    /// <summary>Its connection ended without a word: it died, or it is a NATS client that says nothing when it closes.</summary>
    [JsonStringEnumMemberName("lost")]
    Lost,

    /// <summary>It did not answer any more: frozen, or cut off.</summary>
    [JsonStringEnumMemberName("stale")]
    Stale,

    /// <summary>It did not read what it had subscribed to.</summary>
    [JsonStringEnumMemberName("slow-consumer")]
    SlowConsumer,

    /// <summary>It broke the protocol.</summary>
    [JsonStringEnumMemberName("protocol-error")]
    ProtocolError,

    /// <summary>Another has its name now, or itself with a new connection.</summary>
    [JsonStringEnumMemberName("taken-over")]
    TakenOver,

    /// <summary>A fault of the bus ended its connection.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>The bus stopped.</summary>
    [JsonStringEnumMemberName("bus-stopped")]
    BusStopped,
}
