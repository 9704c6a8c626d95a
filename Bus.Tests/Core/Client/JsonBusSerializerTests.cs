using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Bus.Core.Client;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Core.Client;

public sealed class JsonBusSerializerTests
{
    private static readonly Gen<string> Texts = Gen.ArrayOf(Gen.Elements("a", "ü", "€", "😀", "\0", "\"", "\\", "\n", "\u2028", "<")).Select(string.Concat);

    [Fact]
    public void Any_JSON_value_is_read_as_it_was_written()
    {
        Prop.ForAll(Nodes(3).ToArbitrary(), text =>
        {
            var value = JsonSerializer.Deserialize<JsonElement>(text);
            return JsonElement.DeepEquals(value, Again(JsonBusSerializer.Default, value)) && JsonNode.DeepEquals(JsonNode.Parse(text), Again(JsonBusSerializer.Default, JsonNode.Parse(text)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_context_writes_what_others_read_and_reads_what_they_write()
    {
        var generated = new JsonBusSerializer(BareJson.Default);
        var thing = new Thing("ü😀", 7, Colour.Blue);
        Assert.Equal(thing, Again(generated, thing));
        Assert.Equal("""{"firstName":"a","howMany":1,"colour":0}""", Text(generated, new Thing("a", 1, Colour.Red)));
        Assert.Equal(Text(JsonBusSerializer.Default, thing), Text(generated, thing));
        Assert.Equal(new Thing("a", 1, Colour.Red), generated.Deserialize<Thing>("""{"FIRSTNAME":"a","howMany":"1"}"""u8.ToArray()));
    }

    [Fact]
    public void What_a_context_chooses_itself_holds()
    {
        var generated = new JsonBusSerializer(SnakeJson.Default);
        Assert.Equal("""{"first_name":"a","how_many":1,"colour":"Blue"}""", Text(generated, new Thing("a", 1, Colour.Blue)));
        Assert.Equal(new Thing("a", 1, Colour.Blue), Again(generated, new Thing("a", 1, Colour.Blue)));
    }

    [Fact]
    public void A_context_knows_its_types_and_no_others()
    {
        var generated = new JsonBusSerializer(BareJson.Default);
        Assert.True(generated.Supports(typeof(Thing)));
        Assert.True(generated.Supports(typeof(Thing[])));
        Assert.False(generated.Supports(typeof(Version)));
        Assert.True(JsonBusSerializer.Default.Supports(typeof(Version)));
        foreach (var error in new[]
        {
            Assert.Throws<NotSupportedException>(() => generated.Serialize(new Version(1, 2), new ArrayBufferWriter<byte>())),
            Assert.Throws<NotSupportedException>(() => generated.Deserialize<Version>("\"1.2\""u8.ToArray())),
        })
        {
            Assert.Contains("[JsonSerializable(typeof(Version))]", error.Message, StringComparison.Ordinal);
            Assert.Contains(nameof(BareJson), error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("text/json", true)]
    [InlineData("application/problem+json", true)]
    [InlineData("application/jsonl", false)]
    [InlineData("text/plain", false)]
    public void It_reads_what_is_JSON(string contentType, bool reads) => Assert.Equal(reads, JsonBusSerializer.Default.Reads(contentType));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"firstName\":\"a\"} x")]
    [InlineData("[1,2]")]
    [InlineData("\"text\"")]
    public void What_is_no_such_value_is_refused(string text)
    {
        foreach (var serializer in new[] { JsonBusSerializer.Default, new JsonBusSerializer(BareJson.Default) })
            Assert.Throws<JsonException>(() => serializer.Deserialize<Thing>(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Values_within_values_end_somewhere() =>
        Assert.Throws<JsonException>(() => JsonBusSerializer.Default.Deserialize<JsonElement>(Encoding.UTF8.GetBytes(new string('[', 100_000))));

    private static T Again<T>(JsonBusSerializer serializer, T value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        serializer.Serialize(value, buffer);
        return serializer.Deserialize<T>(buffer.WrittenMemory);
    }

    private static string Text<T>(JsonBusSerializer serializer, T value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        serializer.Serialize(value, buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static Gen<string> Nodes(int depth)
    {
        var plain = Gen.OneOf(
            Texts.Select(text => JsonSerializer.Serialize(text)),
            Gen.Choose(int.MinValue, int.MaxValue).Select(n => JsonSerializer.Serialize(n)),
            Gen.Choose(int.MinValue, int.MaxValue).Select(n => JsonSerializer.Serialize(n / 7.0)),
            Gen.Elements("true", "false", "null", "{}", "[]", "1e300", "-0.5", "12345678901234567890"));
        if (depth == 0) return plain;
        var lists = Gen.ArrayOf(Nodes(depth - 1)).Select(items => $"[{string.Join(',', items.Take(4))}]");
        var objects = Gen.ArrayOf(Gen.Zip(Texts, Nodes(depth - 1))).Select(fields => $"{{{string.Join(',', fields.Take(4).DistinctBy(f => f.Item1, StringComparer.Ordinal).Select(f => $"{JsonSerializer.Serialize(f.Item1)}:{f.Item2}"))}}}");
        return Gen.OneOf(plain, lists, objects);
    }
}

public enum Colour
{
    Red,
    Blue,
}

public sealed record Thing(string FirstName, int HowMany, Colour Colour);

[JsonSerializable(typeof(Thing))]
[JsonSerializable(typeof(Thing[]))]
internal sealed partial class BareJson : JsonSerializerContext;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Thing))]
internal sealed partial class SnakeJson : JsonSerializerContext;
