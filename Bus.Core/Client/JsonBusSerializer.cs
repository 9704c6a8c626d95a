using System.Buffers;
using System.Text.Json;

namespace Bus.Core.Client;

/// <summary>The default serializer: JSON by System.Text.Json. Thread-safe.</summary>
/// <param name="options">
/// How to read and write. Default: <see cref="JsonSerializerOptions.Web"/> (camel case, case-insensitive). Give it a
/// <see cref="JsonSerializerOptions.TypeInfoResolver"/> of a source-generated context for trimmed and AOT applications.
/// </param>
public sealed class JsonBusSerializer(JsonSerializerOptions? options = null) : IBusSerializer
{
    private readonly JsonSerializerOptions _options = options ?? JsonSerializerOptions.Web;

    /// <summary>With the default options.</summary>
    public static JsonBusSerializer Default { get; } = new();

    /// <inheritdoc />
    public void Serialize<T>(T value, IBufferWriter<byte> target)
    {
        using var writer = new Utf8JsonWriter(target, new JsonWriterOptions { SkipValidation = true, Indented = _options.WriteIndented, Encoder = _options.Encoder });
        JsonSerializer.Serialize(writer, value, _options);
    }

    /// <inheritdoc />
    public T Deserialize<T>(ReadOnlyMemory<byte> payload) => JsonSerializer.Deserialize<T>(payload.Span, _options)!;
}
