using System.Text.Json.Serialization;

namespace Bus.Core.Presence;

/// <summary>How far away somebody on the bus is.</summary>
public sealed record ClientPing
{
    /// <summary>Who.</summary>
    public required string Name { get; init; }

    /// <summary>Its id, as in <see cref="BusParticipant.Id"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The round trip from the bus to it and back, in milliseconds. Null: it did not answer in time, or left meanwhile.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>The same as a time.</summary>
    [JsonIgnore]
    public TimeSpan? Latency => LatencyMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
}

/// <summary>The payload of a request on <c>$BUS.PING</c>; it may be empty.</summary>
internal sealed record PingQuestion
{
    public static readonly TimeSpan StandardTimeout = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan LeastTimeout = TimeSpan.FromMilliseconds(1);
    public static readonly TimeSpan MostTimeout = TimeSpan.FromMinutes(1);

    /// <summary>How long to wait for the slowest. Null: the standard.</summary>
    public double? TimeoutMs { get; init; }
}

/// <summary>The answer to a request on <c>$BUS.PING</c>.</summary>
/// <param name="Pings">Everybody who was here, by name.</param>
internal sealed record PingList(IReadOnlyList<ClientPing> Pings);
