using System.Buffers;
using System.Text.Json;

namespace Bus.Transport.JsonLines;

/// <summary>Finds out whether a payload is a JSON value.</summary>
internal static class JsonProbe
{
    // With the object of the line itself it is as deep as a line may be, so that what a client gets it can send.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = JsonGrammar.MaxDepth - 1 };

    private static readonly SearchValues<byte> InNumbers = SearchValues.Create("0123456789+-.eE"u8);

    /// <param name="payload">Valid UTF-8.</param>
    public static bool IsValue(ReadOnlySpan<byte> payload)
    {
        var value = payload.Trim(" \t\r\n"u8);
        if (!MayBe(value)) return false;
        var reader = new Utf8JsonReader(value, Options);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Most text is told from JSON by its ends: an exception costs some 10 µs.</summary>
    private static bool MayBe(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return false;
        return value[0] switch
        {
            (byte)'{' => value[^1] == (byte)'}',
            (byte)'[' => value[^1] == (byte)']',
            (byte)'"' => value.Length > 1 && value[^1] == (byte)'"',
            (byte)'t' => value.SequenceEqual("true"u8),
            (byte)'f' => value.SequenceEqual("false"u8),
            (byte)'n' => value.SequenceEqual("null"u8),
            (byte)'-' or (>= (byte)'0' and <= (byte)'9') => value.IndexOfAnyExcept(InNumbers) < 0,
            _ => false,
        };
    }
}
