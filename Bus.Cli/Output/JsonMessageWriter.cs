using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Bus.Core.Client;

namespace Bus.Cli.Output;

/// <summary>
/// One JSON object a line: <c>topic</c>, <c>reply_to</c> and <c>headers</c> (each name with the list of its values) where there are any, and
/// <c>payload</c> as text, or <c>payload_base64</c> when it is not valid UTF-8.
/// </summary>
internal sealed class JsonMessageWriter : IMessageWriter, IDisposable
{
    // Output for programs and terminals, never for a web page: text stays readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;

    public JsonMessageWriter() => _json = new Utf8JsonWriter(_line, Options);

    public void Write(BusMessage message, StandardOutput output) => Write(message, "topic", message.Topic, output);

    /// <summary>As an answer, or a value, of something that has another name than the topic on which it came.</summary>
    public void Write(BusMessage message, string kind, string name, StandardOutput output)
    {
        _line.ResetWrittenCount();
        _json.Reset(_line);
        _json.WriteStartObject();
        _json.WriteString(kind, name);
        if (message.ReplyTo is not null) _json.WriteString("reply_to"u8, message.ReplyTo);
        if (message.Headers.Count > 0) WriteHeaders(message);
        if (Utf8.IsValid(message.Payload.Span)) _json.WriteString("payload"u8, message.Payload.Span);
        else _json.WriteBase64String("payload_base64"u8, message.Payload.Span);
        _json.WriteEndObject();
        _json.Flush();
        output.Write(_line.WrittenSpan);
        output.Write("\n"u8);
    }

    public void Dispose() => _json.Dispose();

    private void WriteHeaders(BusMessage message)
    {
        _json.WriteStartObject("headers"u8);
        foreach (var header in message.Headers.GroupBy(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase))
        {
            _json.WriteStartArray(header.Key);
            foreach (var value in header) _json.WriteStringValue(value);
            _json.WriteEndArray();
        }

        _json.WriteEndObject();
    }
}
