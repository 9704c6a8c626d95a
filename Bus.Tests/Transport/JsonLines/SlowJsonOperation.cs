using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using JsonProperty = System.Text.Json.JsonProperty;

namespace Bus.Tests.Transport.JsonLines;

/// <summary>The grammar of docs/json-lines.md once more, over a whole document: slow and obvious.</summary>
internal static partial class SlowJsonOperation
{
    private const string Content = "data text base64 headers";

    private static readonly Dictionary<string, (string Needs, string Takes)> Operations = new()
    {
        ["connect"] = ("", "id name takeOver program token user password payload will echo pings"),
        ["pub"] = ("topic", $"id {Content} reply confirm retain"),
        ["sub"] = ("topic", "id sub queue max as"),
        ["unsub"] = ("sub", "id"),
        ["inbox"] = ("", "id max as"),
        ["request"] = ("topic", $"id {Content} timeout as"),
        ["reply"] = ("to", $"id {Content} error"),
        ["send"] = ("to", $"id topic {Content} timeout wait as"),
        ["broadcast"] = ("topic", $"id {Content} except"),
        ["clients"] = ("", "id"),
        ["services"] = ("", "id name"),
        ["call"] = ("service method", $"id {Content} instance timeout as"),
        ["survey"] = ("topic", $"id {Content} max timeout as"),
        ["cancel"] = ("id", ""),
        ["ping"] = ("", "id"),
        ["pong"] = ("", ""),
        ["close"] = ("", "id"),
    };

    private static readonly string[] Flags = ["confirm", "retain", "wait", "takeOver", "echo", "pings"];

    /// <returns>Null, "unknown-op", or "values" for all that is wrong with properties and their values.</returns>
    public static string? Fault(JsonElement root, out byte[]? payload)
    {
        payload = null;
        // Half a surrogate pair makes a string none, wherever it stands that is read.
        var ops = root.EnumerateObject().Where(p => Name(p) == "op").ToList();
        if (HasHalfPair(root)) return "values";
        if (ops.Count > 0 && ops[0].Value.ValueKind == JsonValueKind.String && !Operations.ContainsKey(ops[0].Value.GetString()!) && IsFirstFault(root)) return "unknown-op";
        if (ops.Count == 0 || ops[0].Value.ValueKind != JsonValueKind.String || !Operations.TryGetValue(ops[0].Value.GetString()!, out var shape)) return "values";
        return IsObject(root, $"op {shape.Needs} {shape.Takes}", $"op {shape.Needs}", ops[0].Value.GetString() == "sub", out payload) ? null : "values";
    }

    /// <summary>Whether nothing before the operation is wrong by itself: what comes first is told.</summary>
    private static bool IsFirstFault(JsonElement root)
    {
        var before = root.EnumerateObject().TakeWhile(p => Name(p) != "op").ToList();
        var known = Operations.Values.SelectMany(o => $"{o.Needs} {o.Takes}".Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToHashSet();
        var seen = new HashSet<string>();
        return before.TrueForAll(p => !(known.Contains(Name(p)) || IsNested(Name(p))) || (seen.Add(Name(p)) && IsValue(p, true)));
    }

    private static bool IsNested(string name) => name is "code" or "message" or "status";

    private static bool IsObject(JsonElement value, string known, string needs, bool isSub, out byte[]? payload)
    {
        payload = null;
        var (names, properties) = (known.Split(' ', StringSplitOptions.RemoveEmptyEntries), value.EnumerateObject().ToList());
        if (properties.Exists(p => !names.Contains(Name(p))) || properties.DistinctBy(Name).Count() != properties.Count) return false;
        if (needs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Any(need => !properties.Exists(p => Name(p) == need))) return false;
        if (!properties.TrueForAll(p => IsValue(p, isSub))) return false;
        var payloads = properties.FindAll(p => Name(p) is "data" or "text" or "base64");
        if (payloads.Count > 1) return false;
        payload = payloads.Count == 0 ? [] : Name(payloads[0]) switch
        {
            "data" => Encoding.UTF8.GetBytes(payloads[0].Value.GetRawText()),
            "text" => Encoding.UTF8.GetBytes(payloads[0].Value.GetString()!),
            _ => payloads[0].Value.GetBytesFromBase64(),
        };
        return true;
    }

    private static bool IsValue(JsonProperty property, bool isSub)
    {
        var value = property.Value;
        return Name(property) switch
        {
            "op" => true,
            "id" => Encoding.UTF8.GetByteCount(value.GetRawText()) <= 256,
            "data" => true,
            "base64" => value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out _),
            "topic" => IsStrings(value, isSub ? 1000 : 1),
            "except" => IsStrings(value, 1000),
            "headers" => value.ValueKind == JsonValueKind.Object && value.EnumerateObject().All(IsHeader),
            "max" => IsNumber(value, int.MaxValue),
            "timeout" => IsNumber(value, 86_400_000),
            "status" => IsNumber(value, 999),
            "as" => value.ValueKind == JsonValueKind.String && value.GetString() is "auto" or "text" or "base64",
            "will" => value.ValueKind == JsonValueKind.Object && IsObject(value, $"topic {Content}", "topic", false, out _),
            "error" => value.ValueKind == JsonValueKind.Object && IsObject(value, "message code status", "message", false, out _),
            var name when Flags.Contains(name) => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            _ => value.ValueKind == JsonValueKind.String,
        };
    }

    private static bool IsHeader(JsonProperty header) =>
        Name(header).Length > 0 && Name(header).All(c => c is > ' ' and <= '~' and not ':') && IsStrings(header.Value, 1000) &&
        Strings(header.Value).All(text => text.AsSpan().IndexOfAny('\r', '\n') < 0 && text.Trim(' ', '\t') == text);

    private static bool IsNumber(JsonElement value, int most) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 1 && number <= most;

    private static bool IsStrings(JsonElement value, int most) =>
        value.ValueKind == JsonValueKind.String || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() >= 1 && value.GetArrayLength() <= most && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String));

    private static IEnumerable<string> Strings(JsonElement value) => value.ValueKind == JsonValueKind.String ? [value.GetString()!] : value.EnumerateArray().Select(v => v.GetString()!);

    private static string Name(JsonProperty property) => property.Name;

    private static bool HasHalfPair(JsonElement root) => HalfPair().IsMatch(root.GetRawText());

    // The seeds have no escaped backslash before it.
    [GeneratedRegex(@"\\u[dD][89a-fA-F]", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex HalfPair();
}
