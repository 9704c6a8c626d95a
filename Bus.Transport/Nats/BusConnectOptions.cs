using System.Text.Json.Serialization;

namespace Bus.Transport.Nats;

/// <summary>What our own clients say in CONNECT besides what NATS knows, as the field <c>bus</c>. A NATS server ignores it.</summary>
internal sealed record BusConnectOptions
{
    /// <summary>Identifies the client over all its connections.</summary>
    [JsonPropertyName("id")]
    public string Id { get; set; } = "";

    /// <summary>The field <c>name</c> is not a mere label: the client wants to have it alone.</summary>
    [JsonPropertyName("unique")]
    public bool Unique { get; set; }

    /// <summary>What other sockets of this client have to know, and nobody else does. Null: it has none.</summary>
    [JsonPropertyName("key")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; set; }

    /// <summary>
    /// Not 0: it is no client of its own but another socket, with this number, of the one with this name and key: it publishes for that one, and is no participant.
    /// </summary>
    [JsonPropertyName("lane")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Lane { get; set; }

    /// <summary>Whoever has the name has to go.</summary>
    [JsonPropertyName("takeover")]
    public bool TakeOver { get; set; }

    [JsonPropertyName("pid")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Pid { get; set; }

    [JsonPropertyName("program")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Program { get; set; }

    /// <summary>For whoever decides whether the client may take part.</summary>
    [JsonPropertyName("payload")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Payload { get; set; }
}
