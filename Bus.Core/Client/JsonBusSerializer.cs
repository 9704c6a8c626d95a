using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Bus.Core.Client;

/// <summary>
/// The default serializer: JSON by System.Text.Json. It reads <c>application/json</c>, <c>text/json</c> and whatever ends in <c>+json</c>; it sends no content type unless
/// it is told to, so that plain messages stay as small as they are. Thread-safe.
/// </summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = TrimmedJson)]
[UnconditionalSuppressMessage("AOT", "IL3050", Justification = TrimmedJson)]
public sealed class JsonBusSerializer : IBusSerializer
{
    private const string TrimmedJson = "In trimmed applications System.Text.Json uses no reflection unless they ask for it: a type without generated metadata is refused by its name.";

    private readonly JsonSerializerOptions _options;
    private readonly JsonWriterOptions _writer;
    private readonly IJsonTypeInfoResolver? _generated;

    /// <param name="options">How to read and write. Default: <see cref="JsonSerializerOptions.Web"/> (camel case, case-insensitive).</param>
    public JsonBusSerializer(JsonSerializerOptions? options = null)
    {
        _options = options ?? JsonSerializerOptions.Web;
        _writer = new JsonWriterOptions { SkipValidation = true, Indented = _options.WriteIndented, Encoder = _options.Encoder, MaxDepth = _options.MaxDepth };
    }

    /// <summary>For trimmed and AOT applications: without reflection, by a source-generated context.</summary>
    /// <param name="context">
    /// The types that it writes and reads; others it does not support. Its options hold, but so that both sides understand each other, names are camel case if it does not choose
    /// another policy, and are read in any letter case.
    /// </param>
    /// <param name="more">What knows more types: other contexts, and the <c>JsonTypes</c> of contracts, which are the requests of their methods with several values.</param>
    public JsonBusSerializer(JsonSerializerContext context, params IJsonTypeInfoResolver[] more)
        : this(Options(context, more)) => _generated = context;

    /// <summary>With the default options.</summary>
    public static JsonBusSerializer Default { get; } = new();

    /// <summary>Whether messages say that they are JSON, for receivers that read something else first. Default: no.</summary>
    public bool SendsContentType { get; init; }

    /// <inheritdoc />
    public string ContentType => "application/json";

    /// <inheritdoc />
    public bool Reads(string contentType) => contentType is "application/json" or "text/json" || contentType?.EndsWith("+json", StringComparison.Ordinal) == true;

    /// <inheritdoc />
    public bool Supports(Type type) => _generated is null || _options.TryGetTypeInfo(type, out _);

    /// <inheritdoc />
    public void Serialize<T>(T value, IBufferWriter<byte> target)
    {
        using var writer = new Utf8JsonWriter(target, _writer);
        if (_generated is null) JsonSerializer.Serialize(writer, value, _options);
        else JsonSerializer.Serialize(writer, value, Generated<T>());
    }

    /// <inheritdoc />
    public T Deserialize<T>(ReadOnlyMemory<byte> payload) =>
        (_generated is null ? JsonSerializer.Deserialize<T>(payload.Span, _options) : JsonSerializer.Deserialize(payload.Span, Generated<T>()))!;

    private static JsonSerializerOptions Options(JsonSerializerContext context, IJsonTypeInfoResolver[] more)
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = new JsonSerializerOptions(context.Options) { TypeInfoResolver = JsonTypeInfoResolver.Combine([context, .. more]), PropertyNameCaseInsensitive = true };
        options.PropertyNamingPolicy ??= JsonNamingPolicy.CamelCase;
        options.NumberHandling |= JsonNumberHandling.AllowReadingFromString;
        options.MakeReadOnly();
        return options;
    }

    private JsonTypeInfo<T> Generated<T>() =>
        _options.TryGetTypeInfo(typeof(T), out var info) ? (JsonTypeInfo<T>)info : throw Unknown(typeof(T));

    private NotSupportedException Unknown(Type type) =>
        new($"{_generated!.GetType().Name} does not know {type}: add [JsonSerializable(typeof({type.Name}))] to it.");
}
