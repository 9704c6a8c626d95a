using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bus.Transport.Nats;

/// <summary>The two JSON documents of the protocol: to a whole line, and back.</summary>
internal static class NatsJson
{
    /// <summary>The INFO line with its CRLF.</summary>
    public static byte[] InfoLine(ServerInfo info) => Line("INFO "u8, JsonSerializer.SerializeToUtf8Bytes(info, NatsJsonContext.Default.ServerInfo));

    /// <summary>The CONNECT line with its CRLF.</summary>
    public static byte[] ConnectLine(ConnectOptions options) => Line("CONNECT "u8, JsonSerializer.SerializeToUtf8Bytes(options, NatsJsonContext.Default.ConnectOptions));

    /// <summary>Reads the argument of INFO; false when it is no such JSON object.</summary>
    public static bool TryReadInfo(ReadOnlySpan<byte> json, [NotNullWhen(true)] out ServerInfo? info)
    {
        try
        {
            info = JsonSerializer.Deserialize(json, NatsJsonContext.Default.ServerInfo);
        }
        catch (JsonException)
        {
            info = null;
        }

        return info is not null;
    }

    /// <summary>Reads the argument of CONNECT; false when it is no such JSON object.</summary>
    public static bool TryReadConnect(ReadOnlySpan<byte> json, [NotNullWhen(true)] out ConnectOptions? options)
    {
        try
        {
            options = JsonSerializer.Deserialize(json, NatsJsonContext.Default.ConnectOptions);
        }
        catch (JsonException)
        {
            options = null;
        }

        return options is not null;
    }

    private static byte[] Line(ReadOnlySpan<byte> verb, ReadOnlySpan<byte> json) => [.. verb, .. json, .. NatsWriter.LineEnd];
}

// Names are compared without case because nats-server (Go) does.
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ServerInfo))]
[JsonSerializable(typeof(ConnectOptions))]
internal sealed partial class NatsJsonContext : JsonSerializerContext;
