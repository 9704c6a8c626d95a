using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Bus.Core.Messages;

namespace Bus.Transport.JsonLines;

/// <summary>Reads the values of the properties of a line.</summary>
internal static class JsonValues
{
    private const int MaxId = 256;
    private const int MaxTopics = 1000;
    private const int MaxTimeout = 86_400_000;

    /// <summary>Reads the value that the reader stands on, and passes over it.</summary>
    /// <returns>What is wrong with it. Null: nothing.</returns>
    public static JsonFault? Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, JsonOperation operation, JsonProperty property)
    {
        switch (property)
        {
            case JsonProperty.Op:
                return ReadOp(ref reader, operation);
            case JsonProperty.Id:
                var id = line[Raw(ref reader)];
                if (id.Length > MaxId) return Bad(property, $"has {id.Length} bytes; at most {MaxId} are allowed");
                operation.Id = OneLine(id);
                return null;
            case JsonProperty.Data:
                operation.Data = Raw(ref reader);
                return null;
            case JsonProperty.Text:
                if (reader.TokenType != JsonTokenType.String) return Expected(ref reader, property, "a string");
                var text = new byte[reader.ValueSpan.Length];
                operation.Bytes = text[..reader.CopyString(text)];
                return null;
            case JsonProperty.Base64:
                if (reader.TokenType != JsonTokenType.String) return Expected(ref reader, property, "a string");
                if (!reader.TryGetBytesFromBase64(out var bytes)) return Bad(property, "is not Base64");
                operation.Bytes = bytes;
                return null;
            case JsonProperty.Topic:
                return ReadStrings(ref reader, property, topics => operation.Topics = topics);
            case JsonProperty.Except:
                return ReadStrings(ref reader, property, names => operation.Except = names);
            case JsonProperty.Headers:
                return ReadHeaders(ref reader, operation);
            case JsonProperty.Max:
                return ReadNumber(ref reader, property, int.MaxValue, number => operation.Max = number);
            case JsonProperty.Timeout:
                return ReadNumber(ref reader, property, MaxTimeout, number => operation.Timeout = TimeSpan.FromMilliseconds(number));
            case JsonProperty.Status:
                return ReadNumber(ref reader, property, 999, number => operation.Status = number);
            case JsonProperty.Confirm or JsonProperty.Retain or JsonProperty.Wait or JsonProperty.Stream or JsonProperty.TakeOver or JsonProperty.Echo or JsonProperty.Pings:
                return ReadFlag(ref reader, operation, property);
            case JsonProperty.Will or JsonProperty.Error:
                return ReadNested(ref reader, line, operation, property);
            default:
                return ReadString(ref reader, operation, property);
        }
    }

    /// <summary>A token for people.</summary>
    public static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        _ => "null",
    };

    /// <summary>Reads what the bus has said. Null: it is not what it says, so it comes from somebody else.</summary>
    public static T? TryRead<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>JSON with its line breaks, which can only stand between its tokens, as blanks.</summary>
    public static byte[] OneLine(ReadOnlySpan<byte> json)
    {
        var copy = json.ToArray();
        copy.AsSpan().Replace((byte)'\n', (byte)' ');
        copy.AsSpan().Replace((byte)'\r', (byte)' ');
        return copy;
    }

    private static Range Raw(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        JsonOperationParser.Skip(ref reader);
        return start..(int)reader.BytesConsumed;
    }

    private static JsonFault? ReadOp(ref Utf8JsonReader reader, JsonOperation operation)
    {
        if (reader.TokenType != JsonTokenType.String) return Expected(ref reader, JsonProperty.Op, "a string");
        operation.Shape = JsonGrammar.FindOperation(ref reader);
        return operation.Shape is not null ? null : new JsonFault("unknown-op", $"There is no operation '{JsonOperationParser.Short(reader.GetString()!)}': it is one of {string.Join(", ", JsonGrammar.Operations.Select(known => known.Name))}.");
    }

    private static JsonFault? ReadString(ref Utf8JsonReader reader, JsonOperation operation, JsonProperty property)
    {
        if (reader.TokenType != JsonTokenType.String) return Expected(ref reader, property, "a string");
        var value = reader.GetString()!;
        switch (property)
        {
            case JsonProperty.To: operation.To = value; break;
            case JsonProperty.Reply: operation.Reply = value; break;
            case JsonProperty.Sub: operation.Sub = value; break;
            case JsonProperty.Queue: operation.Queue = value; break;
            case JsonProperty.Service: operation.Service = value; break;
            case JsonProperty.Method: operation.Method = value; break;
            case JsonProperty.Instance: operation.Instance = value; break;
            case JsonProperty.Name: operation.Name = value; break;
            case JsonProperty.Program: operation.Program = value; break;
            case JsonProperty.Token: operation.Token = value; break;
            case JsonProperty.User: operation.User = value; break;
            case JsonProperty.Password: operation.Password = value; break;
            case JsonProperty.Payload: operation.ConnectPayload = value; break;
            case JsonProperty.Code: operation.Code = value; break;
            case JsonProperty.Message: operation.Message = value; break;
            case JsonProperty.As: return ReadForm(value, operation);
        }

        return null;
    }

    private static JsonFault? ReadForm(string value, JsonOperation operation)
    {
        if (value is not ("auto" or "text" or "base64")) return Bad(JsonProperty.As, $"is '{JsonOperationParser.Short(value)}', and has to be auto, text or base64");
        operation.As = value switch { "text" => JsonForm.Text, "base64" => JsonForm.Base64, _ => JsonForm.Auto };
        return null;
    }

    private static JsonFault? ReadFlag(ref Utf8JsonReader reader, JsonOperation operation, JsonProperty property)
    {
        if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False)) return Expected(ref reader, property, "true or false");
        var value = reader.GetBoolean();
        switch (property)
        {
            case JsonProperty.Confirm: operation.Confirm = value; break;
            case JsonProperty.Retain: operation.Retain = value; break;
            case JsonProperty.Wait: operation.Wait = value; break;
            case JsonProperty.Stream: operation.Stream = value; break;
            case JsonProperty.TakeOver: operation.TakeOver = value; break;
            case JsonProperty.Echo: operation.Echo = value; break;
            case JsonProperty.Pings: operation.Pings = value; break;
        }

        return null;
    }

    private static JsonFault? ReadNumber(ref Utf8JsonReader reader, JsonProperty property, int most, Action<int> set)
    {
        if (reader.TokenType != JsonTokenType.Number) return Expected(ref reader, property, $"a whole number from 1 to {most}");
        if (!reader.TryGetInt32(out var number) || number < 1 || number > most) return Bad(property, $"has to be a whole number from 1 to {most}");
        set(number);
        return null;
    }

    private static JsonFault? ReadStrings(ref Utf8JsonReader reader, JsonProperty property, Action<IReadOnlyList<string>> set)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            set([reader.GetString()!]);
            return null;
        }

        const string Form = "a string or an array of strings";
        if (reader.TokenType != JsonTokenType.StartArray) return Expected(ref reader, property, Form);
        var (strings, fault) = (new List<string>(), default(JsonFault));
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String) fault ??= Expected(ref reader, property, Form);
            else if (strings.Count == MaxTopics) fault ??= Bad(property, $"has more than {MaxTopics} strings");
            else strings.Add(reader.GetString()!);
        }

        if (strings.Count == 0) fault ??= Bad(property, "is empty");
        set(strings);
        return fault;
    }

    private static JsonFault? ReadHeaders(ref Utf8JsonReader reader, JsonOperation operation)
    {
        const string Form = "an object whose values are strings, or arrays of strings";
        if (reader.TokenType != JsonTokenType.StartObject) return Expected(ref reader, JsonProperty.Headers, Form);
        var (headers, fault) = (new BusHeaders(), default(JsonFault));
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var wrong = ReadStrings(ref reader, JsonProperty.Headers, values =>
            {
                foreach (var value in values) fault ??= TryAdd(headers, name, value);
            });
            if (wrong is not null) fault ??= Bad(JsonProperty.Headers, $"has to be {Form}: '{JsonOperationParser.Short(name)}' is none");
        }

        if (headers.Count > 0) operation.Headers = headers;
        return fault;
    }

    private static JsonFault? TryAdd(BusHeaders headers, string name, string value)
    {
        try
        {
            headers.Add(name, value);
            return null;
        }
        catch (ArgumentException e)
        {
            return new JsonFault("bad-value", Sentence(e));
        }
    }

    /// <summary>What an argument is refused for, without the name of a parameter that no client has.</summary>
    public static string Sentence(ArgumentException e)
    {
        var end = e.ParamName is null ? -1 : e.Message.LastIndexOf(" (Parameter '", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }

    private static JsonFault? ReadNested(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, JsonOperation operation, JsonProperty property)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return Expected(ref reader, property, "an object");
        var nested = JsonOperationParser.ReadNested(ref reader, line, property == JsonProperty.Will ? JsonGrammar.Will : JsonGrammar.Error);
        if (property == JsonProperty.Will) operation.Will = nested;
        else operation.Error = nested;
        return nested.Fault;
    }

    private static JsonFault Expected(ref Utf8JsonReader reader, JsonProperty property, string what)
    {
        var found = Describe(reader.TokenType);
        JsonOperationParser.Skip(ref reader);
        return Bad(property, $"is {found}, and has to be {what}");
    }

    private static JsonFault Bad(JsonProperty property, string text) => new("bad-value", $"The property '{JsonGrammar.NameOf(property)}' {text}.");
}
