using System.Text.Json.Serialization;

namespace Bus.Transport.Nats;

/// <summary>What a bus that stops says in INFO besides what NATS knows, as the field <c>bus</c>. A NATS client ignores it.</summary>
internal sealed record BusServerInfo
{
    private static readonly TimeSpan Most = TimeSpan.FromDays(1);

    /// <summary>Whether it will be back.</summary>
    [JsonPropertyName("comes_back")]
    public bool ComesBack { get; set; } = true;

    /// <summary>In how many milliseconds. Null: it does not know.</summary>
    [JsonPropertyName("comeback_ms")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ComeBackMs { get; set; }

    /// <summary>The same as a time. Null: it does not know. Infinite: never.</summary>
    [JsonIgnore]
    public TimeSpan? ComeBack => !ComesBack ? Timeout.InfiniteTimeSpan : ComeBackMs is >= 0 and var ms ? TimeSpan.FromMilliseconds(Math.Min(ms, Most.TotalMilliseconds)) : null;
}
