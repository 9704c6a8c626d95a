using System.Text;
using System.Text.Json;
using Bus.Transport.JsonLines;

namespace Bus.Tests.Transport.JsonLines;

/// <summary>The fuzz target of the lines that clients send: takes any bytes, throws only when the parser is wrong. Usable from a coverage-guided fuzzer; the tests run it on mutated seeds.</summary>
internal static class JsonFuzz
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // What the oracle does not tell apart: which of several faults of a valid object is told first.
    private static readonly string[] OfValues = ["bad-value", "missing-property", "duplicate-property", "missing-op", "unknown-property"];

    public static void Fuzz(ReadOnlySpan<byte> line)
    {
        var fast = JsonOperationParser.Parse(line);
        var code = fast.Fault?.Code;
        var kind = OfValues.Contains(code) ? "values" : code;
        var slow = Classify(line, out var payload);
        // A line can be too deep before it is wrong: then it is not read to its end.
        var agrees = kind == slow || (slow == "bad-json" && kind == "too-deep");
        if (!agrees) throw Wrong(line, $"the parser says {code ?? "fine"}, the oracle {slow ?? "fine"}");
        if (fast.Fault is { } fault && (fault.Text.Length is 0 or > 1000 || fault.Text[^1] != '.')) throw Wrong(line, $"the error is no sentence: {fault.Text}");
        if (code is null && payload is not null && !fast.Payload(line).SequenceEqual(payload)) throw Wrong(line, "the payload is another");
        if (fast.Id is { } id) JsonDocument.Parse(id).Dispose();
    }

    /// <summary>The fault by way of a whole document. Null: none.</summary>
    private static string? Classify(ReadOnlySpan<byte> line, out byte[]? payload)
    {
        payload = null;
        JsonElement root;
        try
        {
            Strict.GetString(line);
            root = JsonDocument.Parse(line.ToArray(), new JsonDocumentOptions { MaxDepth = 100_000 }).RootElement;
        }
        catch (DecoderFallbackException)
        {
            return "bad-utf8";
        }
        catch (JsonException)
        {
            return FirstIsNoObject(line) ? "bad-line" : "bad-json";
        }

        if (root.ValueKind != JsonValueKind.Object) return "bad-line";
        if (Depth(root) > JsonGrammar.MaxDepth) return "too-deep";
        return SlowJsonOperation.Fault(root, out payload);
    }

    /// <summary>What begins as another value is no line, whatever follows.</summary>
    private static bool FirstIsNoObject(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return reader.Read() && reader.TokenType != JsonTokenType.StartObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static int Depth(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => 1 + element.EnumerateObject().Select(p => Depth(p.Value)).DefaultIfEmpty().Max(),
        JsonValueKind.Array => 1 + element.EnumerateArray().Select(Depth).DefaultIfEmpty().Max(),
        _ => 0,
    };

    private static InvalidOperationException Wrong(ReadOnlySpan<byte> line, string what) => new($"{what}; line (base64): {Convert.ToBase64String(line)}; as text: {Encoding.Latin1.GetString(line[..Math.Min(300, line.Length)])}");
}
