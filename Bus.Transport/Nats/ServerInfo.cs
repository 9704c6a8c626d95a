using System.Text.Json.Serialization;

namespace Bus.Transport.Nats;

/// <summary>
/// The JSON of INFO, the first thing that a server says. The defaults are what this bus says of itself. Setters are not init-only because the JSON source generator would
/// reset absent fields to zero; nobody sets them later.
/// </summary>
internal sealed record ServerInfo
{
    /// <summary>The nats-server whose core behaviour this bus matches. Clients read it to decide what a server can do.</summary>
    public const string MatchedVersion = "2.9.10";

    /// <summary>Identifies this run of the server.</summary>
    [JsonPropertyName("server_id")]
    public string ServerId { get; set; } = "";

    [JsonPropertyName("server_name")]
    public string ServerName { get; set; } = "ipcbus";

    [JsonPropertyName("version")]
    public string Version { get; set; } = MatchedVersion;

    /// <summary>The version of this bus; absent when a real nats-server is at the other end.</summary>
    [JsonPropertyName("ipcbus_version")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IpcBusVersion { get; set; }

    [JsonPropertyName("proto")]
    public int Proto { get; set; } = 1;

    [JsonPropertyName("host")]
    public string Host { get; set; } = "";

    [JsonPropertyName("port")]
    public int Port { get; set; }

    /// <summary>Every server since 2.2 (2021) says true; one that says nothing is taken for such a one.</summary>
    [JsonPropertyName("headers")]
    public bool Headers { get; set; } = true;

    [JsonPropertyName("jetstream")]
    public bool JetStream { get; set; }

    /// <summary>Bytes allowed for header block and payload of one message.</summary>
    [JsonPropertyName("max_payload")]
    public int MaxPayload { get; set; } = NatsRules.DefaultMaxPayload;

    [JsonPropertyName("client_id")]
    public ulong ClientId { get; set; }

    [JsonPropertyName("client_ip")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientIp { get; set; }

    // Clients take the mere presence of these for "yes", so they are there only when true.
    [JsonPropertyName("auth_required")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AuthRequired { get; set; }

    [JsonPropertyName("tls_required")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TlsRequired { get; set; }

    [JsonPropertyName("tls_available")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TlsAvailable { get; set; }

    /// <summary>Lame duck mode: the server is about to stop.</summary>
    [JsonPropertyName("ldm")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool LameDuck { get; set; }

    /// <summary>What only a bus says, with <see cref="LameDuck"/>.</summary>
    [JsonPropertyName("bus")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BusServerInfo? Bus { get; set; }

    [JsonPropertyName("nonce")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Nonce { get; set; }

    [JsonPropertyName("connect_urls")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? ConnectUrls { get; set; }

    /// <summary>The last INFO of a server that stops.</summary>
    /// <param name="comeBack">In how much time it is back. Null: it does not say. Infinite: never.</param>
    public ServerInfo AsLameDuck(TimeSpan? comeBack) => this with
    {
        LameDuck = true,
        Bus = comeBack is not { } time ? null : time < TimeSpan.Zero ? new BusServerInfo { ComesBack = false } : new BusServerInfo { ComeBackMs = time.TotalMilliseconds },
    };
}
