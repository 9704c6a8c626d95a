using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Transport.JsonLines;

/// <summary>Writes the lines that a client gets. Each begins with <see cref="Begin"/> and ends with <see cref="End"/>. Single-threaded.</summary>
internal sealed class JsonPen(IBufferWriter<byte> target, int maxPayload) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(target, JsonLine.Compact);

    /// <summary>Begins a line.</summary>
    /// <param name="op">What it is.</param>
    /// <param name="id">The JSON of the id that it answers. Null: it answers none.</param>
    public void Begin(string op, byte[]? id = null)
    {
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("op"u8, op);
        if (id is null) return;
        _json.WritePropertyName("id"u8);
        _json.WriteRawValue(id, skipInputValidation: true);
    }

    public void String(string name, string? value)
    {
        if (value is not null) _json.WriteString(name, value);
    }

    public void String(string name, ReadOnlySpan<byte> utf8)
    {
        if (!utf8.IsEmpty) _json.WriteString(name, utf8);
    }

    public void Number(string name, double value) => _json.WriteNumber(name, value);

    /// <summary>The object <c>error</c>.</summary>
    public void Error(string code, string message, int status = 0, IReadOnlyList<string>? available = null)
    {
        _json.WriteStartObject("error"u8);
        _json.WriteString("code"u8, code);
        _json.WriteString("message"u8, message);
        if (status > 0) _json.WriteNumber("status"u8, status);
        if (available is not null)
        {
            _json.WriteStartArray("available"u8);
            foreach (var name in available) _json.WriteStringValue(name);
            _json.WriteEndArray();
        }

        _json.WriteEndObject();
    }

    /// <summary>Headers and payload of a message.</summary>
    public void Content(ReadOnlySpan<byte> block, ReadOnlySpan<byte> payload, JsonForm form)
    {
        if (block.IsEmpty)
        {
            Payload(payload, form);
            return;
        }

        var headers = HeaderBlock.Decode(block, out _);
        Content(headers, Open(block, payload, headers), form);
    }

    /// <summary>The same of a message that is decompressed.</summary>
    public void Content(BusHeaders headers, ReadOnlySpan<byte> payload, JsonForm form)
    {
        String("from", headers[SystemHeaders.From]);
        Headers(headers);
        Payload(payload, form);
    }

    /// <summary>What was compressed is decompressed, but never to more than could have been sent as it is: what a sender makes large is not to take the memory of the bus.</summary>
    public ReadOnlySpan<byte> Open(ReadOnlySpan<byte> block, ReadOnlySpan<byte> payload, BusHeaders headers)
    {
        if (PayloadCompression.TryOpen(block, payload, maxPayload) is not { } opened) return payload;
        headers.Remove(ContentHeaders.Encoding);
        return opened.Span;
    }

    /// <summary>The headers of a message, but for those that say something to the bus alone.</summary>
    private void Headers(BusHeaders headers)
    {
        var shown = headers.Where(header => !IsInternal(header.Key)).GroupBy(header => header.Key, StringComparer.OrdinalIgnoreCase).ToList();
        if (shown.Count == 0) return;
        _json.WriteStartObject("headers"u8);
        foreach (var values in shown)
        {
            _json.WritePropertyName(values.Key);
            if (values.Count() > 1) _json.WriteStartArray();
            foreach (var value in values) _json.WriteStringValue(value.Value);
            if (values.Count() > 1) _json.WriteEndArray();
        }

        _json.WriteEndObject();
    }

    /// <summary>A payload. An empty one is nothing at all, unless the client wants a form that is always there.</summary>
    public void Payload(ReadOnlySpan<byte> payload, JsonForm form)
    {
        if (form == JsonForm.Base64 || !Utf8.IsValid(payload)) _json.WriteBase64String("base64"u8, payload);
        else if (form == JsonForm.Auto && JsonProbe.IsValue(payload)) Data(payload);
        else if (form == JsonForm.Text || !payload.IsEmpty) _json.WriteString("text"u8, payload);
    }

    /// <summary>JSON as it is.</summary>
    public void Data(ReadOnlySpan<byte> json)
    {
        _json.WritePropertyName("data"u8);
        _json.WriteRawValue(json.ContainsAny((byte)'\n', (byte)'\r') ? JsonValues.OneLine(json) : json, skipInputValidation: true);
    }

    public void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        target.Write("\n"u8);
    }

    /// <summary>A line that is an error.</summary>
    /// <param name="fault">The error.</param>
    /// <param name="id">The id that it answers, if any.</param>
    /// <param name="op">What the line is. Default: an error, after which the connection goes on.</param>
    public void Fault(JsonFault fault, byte[]? id = null, string op = "error")
    {
        Begin(op, id);
        Error(fault.Code, fault.Text, available: fault.Available);
        End();
    }

    public void Dispose() => _json.Dispose();

    /// <summary>The line for a number of bytes, as people read it.</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static bool IsInternal(string name) => name.Equals(SystemHeaders.Request, StringComparison.OrdinalIgnoreCase) || name.Equals(SystemHeaders.From, StringComparison.OrdinalIgnoreCase);

    /// <summary>Text that is not known to be UTF-8.</summary>
    public static string Read(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
