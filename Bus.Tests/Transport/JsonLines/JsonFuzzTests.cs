using System.Text;
using Bus.Transport.JsonLines;

namespace Bus.Tests.Transport.JsonLines;

public sealed class JsonFuzzTests
{
    private const int Iterations = 15_000;

    private static readonly byte[][] Seeds = new[]
    {
        """{"op":"pub","topic":"a.b","data":{"x":[1,2,{"y":null}]},"id":1}""",
        """{"op":"pub","topic":"a","text":"ä€😀\n\"","headers":{"A":"b","C":["d","e"]},"confirm":true,"retain":false}""",
        """{"op":"sub","topic":["a.*","b.>"],"sub":"s","queue":"q","max":3,"as":"base64","id":"x"}""",
        """{"op":"request","topic":"t","base64":"AAEC/w==","timeout":250,"id":{"a":[1]},"as":"text"}""",
        """{"op":"reply","to":"_INBOX.1","error":{"message":"m","code":"c","status":404}}""",
        """{"op":"connect","name":"n","takeOver":true,"program":"p","token":"t","user":"u","password":"w","payload":"y","will":{"topic":"w","data":1},"echo":false,"pings":true}""",
        """{"op":"call","service":"users","method":"get","instance":"i","data":{"id":42},"timeout":2000,"as":"auto","id":4}""",
        """{"op":"survey","topic":"t","text":"who","max":3,"timeout":100,"headers":{"A":"b"},"id":5}""", """{"op":"cancel","id":[4]}""",
        """{"topic":"a","id":null,"op":"broadcast","except":["a","b"],"text":""}""",
        """{"op":"send","to":"n","topic":"a","wait":true,"data":-1.5e3}""",
        """ {"op" : "unsub" , "sub" : "s" } """,
        """{"op":"clients"}""", """{"op":"services","name":"users"}""", """{"op":"ping","id":[]}""", """{"op":"close","id":1.0}""", """{"op":"pong"}""", """{"op":"inbox","max":1}""",
        "[1]", "", "1", "nul",
    }.Select(Encoding.UTF8.GetBytes).Append(Encoding.UTF8.GetBytes($"{{\"op\":\"pub\",\"topic\":\"a\",\"data\":{new string('[', 63)}{new string(']', 63)}}}")).ToArray();

    private static readonly byte[][] Pieces = new[]
    {
        "{", "}", "[", "]", "\"", "\\", ",", ":", "\0", "\\u0000", "null", "true", "0", "-", "1e5", "\"op\":", "\"id\":7,", "\"id\":", "\"data\":{},", "\"text\":\"x\",", "\"topic\":\"t\",", "\"max\":0,", "\"sub\":[],", "\"nope\":1,",
        "\"headers\":{\"a:\":\"b\"},", "\"headers\":{\"A\":\" b\"},", "\"will\":{\"topic\":[\"a\",\"b\"]},", "\"error\":{},", "\"op\":\"what\",", "\"\\u006fp\":\"ping\",", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    }.Select(Encoding.UTF8.GetBytes).Append([0xFF]).Append([0xC3]).Append([0xEF, 0xBB, 0xBF]).ToArray();

    [Fact]
    public void The_seeds_are_read_as_the_oracle_reads_them()
    {
        foreach (var seed in Seeds) JsonFuzz.Fuzz(seed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Mutated_seeds_are_read_as_the_oracle_reads_them(int seed)
    {
        var (random, mutator) = (new Random(seed), new Mutator(Seeds, Pieces) { Place = BehindBrace });
        for (var i = 0; i < Iterations; i++) JsonFuzz.Fuzz(mutator.Mutate(random));
    }

    [Theory]
    [InlineData("{\"op\":\"ping\",\"id\":7,\"x\":1}", "7", "unknown-property", "'ping' knows no property 'x'. It takes id.")]
    [InlineData("{\"id\":\"a\",\"op\":\"pub\"}", "\"a\"", "missing-property", "'pub' needs the property topic.")]
    [InlineData("{\"id\":1,\"op\":\"pbu\",\"topic\":\"a\"}", "1", "unknown-op", "There is no operation 'pbu': it is one of pub, request,")]
    [InlineData("{\"op\":\"pub\",\"topic\":\"a\",\"id\":[1,\"x\"],\"max\":1}", "[1,\"x\"]", "unknown-property", "'pub' knows no property 'max'.")]
    [InlineData("{\"op\":\"sub\",\"topic\":\"a\",\"max\":0,\"id\":null}", "null", "bad-value", "The property 'max' has to be a whole number from 1 to 2147483647.")]
    [InlineData("{\"op\":\"sub\",\"topic\":{\"a\":1},\"id\":2}", "2", "bad-value", "The property 'topic' is an object, and has to be a string or an array of strings.")]
    [InlineData("{\"op\":\"pub\",\"topic\":[\"a\",\"b\"]}", null, "bad-value", "'pub' takes one topic, and the line has 2.")]
    [InlineData("{\"op\":\"pub\",\"topic\":\"a\",\"topic\":\"b\",\"id\":3}", "3", "duplicate-property", "The property 'topic' is there twice: leave one out.")]
    [InlineData("{\"op\":\"pub\",\"topic\":\"a\",\"data\":1,\"text\":\"b\"}", null, "bad-value", "'pub' has its payload more than once (data, text): give one of them.")]
    [InlineData("{\"id\":4,\"op\":\"ping\"} x", "4", "bad-json", "The line is not valid JSON at byte ")]
    [InlineData("{\"id\":4,\"op\":\"pi", "4", "bad-json", "The line is not valid JSON at byte ")]
    [InlineData("\"op\"", null, "bad-line", "The line is a string, and has to be a JSON object, such as {\"op\":\"ping\"}.")]
    [InlineData("{\"text\":\"\\ud800\",\"op\":\"pub\",\"topic\":\"a\"}", null, "bad-value", "A string of the line holds half of a surrogate pair")]
    [InlineData("{\"op\":\"call\",\"service\":\"a\",\"id\":5}", "5", "missing-property", "'call' needs the property method.")]
    [InlineData("{\"op\":\"cancel\"}", null, "missing-property", "'cancel' needs the property id.")]
    [InlineData("{}", null, "missing-op", "The line has no property 'op'. It is one of pub,")]
    public void An_error_names_what_is_wrong_and_keeps_the_id(string line, string? id, string code, string text)
    {
        var operation = JsonOperationParser.Parse(Encoding.UTF8.GetBytes(line));
        Assert.Equal((id, code), (operation.Id is null ? null : Encoding.UTF8.GetString(operation.Id), operation.Fault?.Code));
        Assert.StartsWith(text, operation.Fault!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_may_be_nested_to_a_limit_and_no_further()
    {
        Assert.Null(Parse(63).Fault);
        Assert.Equal("too-deep", Parse(64).Fault?.Code);
        Assert.Equal("too-deep", Parse(1_000_000).Fault?.Code);

        static JsonOperation Parse(int depth) => JsonOperationParser.Parse(Encoding.UTF8.GetBytes($"{{\"op\":\"pub\",\"topic\":\"a\",\"data\":{new string('[', depth)}{new string(']', depth)}}}"));
    }

    /// <summary>Where a property can stand, so that most lines stay valid JSON.</summary>
    private static int BehindBrace(List<byte> line) => line.IndexOf((byte)'{') + 1;
}
