using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Bus.Transport.JsonLines;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Transport.JsonLines;

public sealed partial class JsonLineReaderTests
{
    private const int Limit = 12;

    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20261, 20263);

    // Line ends, multi-byte characters, and lines about the limit.
    private static readonly Gen<byte[]> Streams =
        from pieces in Gen.OneOf(
            Gen.Elements("\n", "\r\n", "\r", "{}", "ä€😀", "\0", "0123456789", "0123456789a", "0123456789ab", "0123456789abc").Select(Encoding.UTF8.GetBytes),
            Gen.Choose(0, 255).Select(b => new[] { (byte)b })).ListOf()
        select pieces.SelectMany(piece => piece).ToArray();

    [Fact]
    public void Any_split_gives_the_lines_of_the_oracle()
    {
        var input = from bytes in Streams from cuts in Gen.Choose(0, 120).ArrayOf(10) select (bytes, cuts);
        Check.One(Many, Prop.ForAll(input.ToArbitrary(), pair => Read(pair.bytes, pair.cuts).SequenceEqual(Slow(pair.bytes))));
    }

    [Fact]
    public void One_byte_at_a_time_gives_the_lines_of_the_oracle() =>
        Check.One(Many, Prop.ForAll(Streams.ToArbitrary(), bytes => Read(bytes, Enumerable.Range(0, bytes.Length).ToArray()).SequenceEqual(Slow(bytes))));

    [Fact]
    public void What_was_encoded_is_read_back()
    {
        JsonNode?[] values = [JsonNode.Parse("""{"a":"line\nbreak","b":[1,2.5,1e300,null,true],"c":"ä€😀\u0000"}"""), "text", null, 7, new JsonArray()];
        var reader = new JsonLineReader();
        foreach (var value in values) JsonLine.Encode(value, reader);
        foreach (var value in values)
        {
            Assert.Equal(JsonLineStatus.Line, reader.Read(out var line));
            Assert.True(JsonNode.DeepEquals(value, JsonNode.Parse(line)));
        }

        Assert.Equal(JsonLineStatus.NeedsMore, reader.Read(out _));
    }

    [Fact]
    public void Objects_are_written_by_their_generated_type_in_one_line()
    {
        var target = new ArrayBufferWriter<byte>();
        JsonLine.Encode(new Sample("a\nb", 3), SampleJson.Default.Sample, target);
        Assert.Equal("{\"Name\":\"a\\nb\",\"Count\":3}\n", Encoding.UTF8.GetString(target.WrittenSpan));
        Assert.Equal("\"ä\"\n", Encoding.UTF8.GetString(JsonLine.Encode("ä")));
    }

    [Fact]
    public void A_line_that_is_too_long_ends_the_stream()
    {
        var reader = new JsonLineReader(3);
        reader.Feed("abc\r\nabcd"u8);
        Assert.Equal(JsonLineStatus.Line, reader.Read(out _));
        Assert.Equal(JsonLineStatus.NeedsMore, reader.Read(out _));
        reader.Feed("e"u8);
        Assert.Equal(JsonLineStatus.TooLong, reader.Read(out _));
        reader.Feed("\nabc\n"u8);
        Assert.Equal(JsonLineStatus.TooLong, reader.Read(out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => new JsonLineReader(0));
    }

    [Fact]
    public void What_has_begun_can_be_looked_at()
    {
        var reader = new JsonLineReader();
        reader.Feed("one\ntw"u8);
        Assert.Equal(JsonLineStatus.Line, reader.Read(out _));
        Assert.Equal("tw", Encoding.UTF8.GetString(reader.Begun));
    }

    private static List<string> Read(byte[] bytes, int[] cuts)
    {
        var (reader, lines, at) = (new JsonLineReader(Limit), new List<string>(), 0);
        foreach (var cut in cuts.Where(cut => cut < bytes.Length).Order().Append(bytes.Length))
        {
            reader.Feed(bytes.AsSpan(at, cut - at));
            at = cut;
            JsonLineStatus status;
            while ((status = reader.Read(out var line)) == JsonLineStatus.Line) lines.Add(Encoding.Latin1.GetString(line));
            if (status == JsonLineStatus.TooLong)
            {
                lines.Add("too long");
                return lines;
            }
        }

        return lines;
    }

    private static List<string> Slow(byte[] bytes)
    {
        var lines = new List<string>();
        var parts = Encoding.Latin1.GetString(bytes).Split('\n');
        for (var i = 0; i < parts.Length; i++)
        {
            var isBegun = i == parts.Length - 1;
            var line = parts[i].EndsWith('\r') ? parts[i][..^1] : parts[i];
            // A line that has begun is known to be too long one byte later: its last may be the carriage return of its end.
            if (isBegun ? parts[i].Length > Limit + 1 : line.Length > Limit) return [.. lines, "too long"];
            if (!isBegun) lines.Add(line);
        }

        return lines;
    }

    internal sealed record Sample(string Name, int Count);

    [JsonSerializable(typeof(Sample))]
    internal sealed partial class SampleJson : JsonSerializerContext;
}
