using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Bus.Transport.JsonLines;

/// <summary>Writes values as lines of JSON: UTF-8, without a line break within, and a line feed at the end. <see cref="JsonLineReader"/> is the way back. Thread-safe.</summary>
public static class JsonLine
{
    // Letters beyond ASCII stay as they are: no browser shows these lines.
    internal static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes a value as one line.</summary>
    /// <param name="value">Any JSON value; null is one too.</param>
    public static byte[] Encode(JsonNode? value)
    {
        var target = new ArrayBufferWriter<byte>();
        Encode(value, target);
        return target.WrittenSpan.ToArray();
    }

    /// <summary>Writes a value as one line, behind what the target holds.</summary>
    /// <param name="value">Any JSON value; null is one too.</param>
    /// <param name="target">Where to.</param>
    public static void Encode(JsonNode? value, IBufferWriter<byte> target)
    {
        ArgumentNullException.ThrowIfNull(target);
        using (var writer = new Utf8JsonWriter(target, Compact))
        {
            if (value is null) writer.WriteNullValue();
            else value.WriteTo(writer);
        }

        target.Write("\n"u8);
    }

    /// <summary>Writes an object as one line, behind what the target holds.</summary>
    /// <param name="value">The object.</param>
    /// <param name="type">How it is written: of a source-generated <see cref="System.Text.Json.Serialization.JsonSerializerContext"/>.</param>
    /// <param name="target">Where to.</param>
    public static void Encode<T>(T value, JsonTypeInfo<T> type, IBufferWriter<byte> target)
    {
        ArgumentNullException.ThrowIfNull(target);
        using (var writer = new Utf8JsonWriter(target, Compact)) JsonSerializer.Serialize(writer, value, type);
        target.Write("\n"u8);
    }
}
