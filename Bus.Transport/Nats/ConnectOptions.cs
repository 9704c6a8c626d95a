using System.Text.Json.Serialization;

namespace Bus.Transport.Nats;

/// <summary>
/// The JSON of CONNECT. The defaults are nats-server's for fields that a client leaves out, and they also hold for a peer that sends no CONNECT at all (a person with
/// netcat): verbose, pedantic and echo are on. Setters are not init-only because the JSON source generator would reset the absent fields to false; nobody sets them later.
/// </summary>
internal sealed record ConnectOptions
{
    /// <summary>Answer every operation with +OK.</summary>
    [JsonPropertyName("verbose")]
    public bool Verbose { get; set; } = true;

    /// <summary>Check the subjects of publishes.</summary>
    [JsonPropertyName("pedantic")]
    public bool Pedantic { get; set; } = true;

    /// <summary>Whether the peer's own messages come back to its subscriptions.</summary>
    [JsonPropertyName("echo")]
    public bool Echo { get; set; } = true;

    [JsonPropertyName("headers")]
    public bool Headers { get; set; }

    /// <summary>Answer a request that nobody takes with a 503 message.</summary>
    [JsonPropertyName("no_responders")]
    public bool NoResponders { get; set; }

    [JsonPropertyName("tls_required")]
    public bool TlsRequired { get; set; }

    /// <summary>0, or 1: understands INFO at any time.</summary>
    [JsonPropertyName("protocol")]
    public int Protocol { get; set; }

    [JsonPropertyName("name")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; set; }

    [JsonPropertyName("lang")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Lang { get; set; }

    [JsonPropertyName("version")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Version { get; set; }

    [JsonPropertyName("user")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; set; }

    [JsonPropertyName("pass")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Password { get; set; }

    [JsonPropertyName("auth_token")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AuthToken { get; set; }

    /// <summary>What our own clients add.</summary>
    [JsonPropertyName("bus")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BusConnectOptions? Bus { get; set; }

    [JsonPropertyName("nkey")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NKey { get; set; }

    [JsonPropertyName("sig")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Signature { get; set; }

    [JsonPropertyName("jwt")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Jwt { get; set; }

    /// <summary>Without the secrets, so that it can be logged.</summary>
    public override string ToString() =>
        $"name={Name} lang={Lang} version={Version} protocol={Protocol} verbose={Verbose} pedantic={Pedantic} echo={Echo} headers={Headers} no_responders={NoResponders} user={User}";
}
