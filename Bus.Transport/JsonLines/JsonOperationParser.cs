using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Bus.Transport.JsonLines;

/// <summary>
/// Reads one line of a client. It never throws on what a client sent: what is wrong is the operation's <see cref="JsonOperation.Fault"/>, and the id is read as far as it can be, so
/// that the error finds its way to who asked. Strict: what is not known, given twice or of another type is an error that names it.
/// </summary>
internal static class JsonOperationParser
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = JsonGrammar.MaxDepth + 2 };

    public static JsonOperation Parse(ReadOnlySpan<byte> line)
    {
        var operation = new JsonOperation();
        if (!Utf8.IsValid(line)) return Wrong(operation, "bad-utf8", "The line is not UTF-8. Send bytes as base64.");
        var reader = new Utf8JsonReader(line, Options);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) return Wrong(operation, "bad-line", $"The line is {JsonValues.Describe(reader.TokenType)}, and has to be a JSON object, such as {{\"op\":\"ping\"}}.");
            ReadObject(ref reader, line, operation, shape: null);
            reader.Read();
        }
        catch (JsonException e)
        {
            return Wrong(operation, "bad-json", $"The line is not valid JSON at byte {(e.BytePositionInLine ?? 0).ToString(CultureInfo.InvariantCulture)}: {Cause(e)}");
        }
        catch (TooDeepException)
        {
            return Wrong(operation, "too-deep", $"The line is nested more than {JsonGrammar.MaxDepth} levels deep. Send such a value as text.");
        }
        catch (InvalidOperationException)
        {
            // The one thing that a valid token can have and no string can.
            return Wrong(operation, "bad-value", "A string of the line holds half of a surrogate pair (\\ud800 to \\udfff), which is no character. Send bytes as base64.");
        }

        operation.Fault = FaultOf(operation);
        return operation;
    }

    /// <summary>Passes over the value that the reader stands on.</summary>
    public static void Skip(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return;
        var depth = reader.CurrentDepth;
        do
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= JsonGrammar.MaxDepth) throw new TooDeepException();
            reader.Read();
        }
        while (reader.CurrentDepth > depth);
    }

    /// <summary>Reads an object in a line.</summary>
    public static JsonOperation ReadNested(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, JsonShape shape)
    {
        var nested = new JsonOperation { Shape = shape };
        ReadObject(ref reader, line, nested, shape);
        nested.Fault = FaultOf(nested);
        return nested;
    }

    private static void ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, JsonOperation operation, JsonShape? shape)
    {
        string? unknown = null;
        JsonFault? fault = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = JsonGrammar.Find(ref reader);
            if (property == JsonProperty.None) unknown ??= reader.GetString();
            else if (operation.Has(property)) fault ??= new JsonFault("duplicate-property", $"The property '{JsonGrammar.NameOf(property)}' is there twice: leave one out.");
            reader.Read();
            if (property == JsonProperty.None || operation.Has(property) || (shape is not null && (shape.Known & property) == JsonProperty.None))
            {
                Skip(ref reader);
            }
            else
            {
                var wrong = JsonValues.Read(ref reader, line, operation, property);
                fault ??= wrong;
            }

            operation.Seen |= property;
        }

        // Only when all is read is it known what the operation takes.
        if (unknown is not null && operation.Shape is not null) fault = Unknown(operation.Shape, unknown);
        operation.Fault = fault;
    }

    private static JsonFault? FaultOf(JsonOperation operation)
    {
        var fault = operation.Fault;
        if (fault is { Code: "unknown-op" or "unknown-property" }) return fault;
        if (operation.Shape is not { } shape)
        {
            return fault ?? new JsonFault("missing-op", $"The line has no property 'op'. It is one of {string.Join(", ", JsonGrammar.Operations.Select(known => known.Name))}.");
        }

        var extra = operation.Seen & ~shape.Known;
        if (extra != JsonProperty.None) return Unknown(shape, JsonGrammar.Join(extra).Split(", ")[0]);
        if (fault is not null) return fault;
        var missing = shape.Needs & ~operation.Seen;
        if (missing != JsonProperty.None) return new JsonFault("missing-property", $"'{shape.Name}' needs the property {JsonGrammar.Join(missing)}.");
        // Which operation it is may come behind its topics.
        if (shape.Op != JsonOp.Sub && operation.Topics.Count > 1) return new JsonFault("bad-value", $"'{shape.Name}' takes one topic, and the line has {operation.Topics.Count}.");
        return long.PopCount((long)(operation.Seen & (JsonProperty.Data | JsonProperty.Text | JsonProperty.Base64))) <= 1
            ? null
            : new JsonFault("bad-value", $"'{shape.Name}' has its payload more than once ({JsonGrammar.Join(operation.Seen & (JsonProperty.Data | JsonProperty.Text | JsonProperty.Base64))}): give one of them.");
    }

    private static JsonFault Unknown(JsonShape shape, string name) =>
        new("unknown-property", $"'{shape.Name}' knows no property '{Short(name)}'. It takes {JsonGrammar.Join(shape.Known & ~JsonProperty.Op)}.");

    private static JsonOperation Wrong(JsonOperation operation, string code, string text)
    {
        operation.Fault = new JsonFault(code, text);
        return operation;
    }

    private static string Cause(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }

    /// <summary>What a client sent, for an error line that is not to be as long as that.</summary>
    public static string Short(string text) => text.Length <= 64 ? text : $"{text[..64]}...";

    private sealed class TooDeepException : Exception;
}
