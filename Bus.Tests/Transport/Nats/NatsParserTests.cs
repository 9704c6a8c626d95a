using System.Text;
using Bus.Transport.Nats;

namespace Bus.Tests.Transport.Nats;

public sealed class NatsParserTests
{
    private static readonly NatsRules Server = NatsRules.FromClient();
    private static readonly NatsRules Client = NatsRules.FromServer();

    [Theory]
    [InlineData(@"PUB foo 5\r\nhello\r\n", "PUB subject=foo reply= sid= header= payload=hello")]
    [InlineData(@"PUB foo r.1 5\r\nhello\r\n", "PUB subject=foo reply=r.1 sid= header= payload=hello")]
    [InlineData(@"pub\tfoo \t 0 \t\r\n\r\n", "PUB subject=foo reply= sid= header= payload=")]
    [InlineData(@"PUB foo 4\nPING\r\n", "PUB subject=foo reply= sid= header= payload=PING")]
    [InlineData(@"HPUB foo 12 14\r\nNATS/1.0\r\n\r\nhi\r\n", "HPUB subject=foo reply= sid= header=NATS/1.0\r\n\r\n payload=hi")]
    [InlineData(@"HPUB foo r 12 12\r\nNATS/1.0\r\n\r\n\r\n", "HPUB subject=foo reply=r sid= header=NATS/1.0\r\n\r\n payload=")]
    [InlineData(@"SUB foo.* 1\r\n", "SUB subject=foo.* queue= sid=1")]
    [InlineData(@"sub foo workers 17\r\n", "SUB subject=foo queue=workers sid=17")]
    [InlineData(@"UNSUB 1\r\n", "UNSUB sid=1 max=0")]
    [InlineData(@"UNSUB 1 5\r\n", "UNSUB sid=1 max=5")]
    [InlineData(@"UNSUB 1 99999999999999999999\r\n", "UNSUB sid=1 max=9223372036854775807")]
    [InlineData(@"UNSUB 1 -3\r\n", "UNSUB sid=1 max=0")]
    [InlineData(@"CONNECT {""verbose"":false} \r\n", @"CONNECT argument={""verbose"":false}")]
    [InlineData(@"CONNECT{}\r\n", "CONNECT argument={}")]
    [InlineData(@"PING\r\n", "PING")]
    [InlineData(@"pOnG\n", "PONG")]
    [InlineData(@"+OK\r\n", "+OK")]
    [InlineData(@"-ERR 'Stale Connection'\r\n", "-ERR argument=Stale Connection")]
    public void A_frame_of_a_client_is_read(string input, string expected) => ReadsAll(input, Server, expected);

    [Theory]
    [InlineData(@"MSG foo 1 5\r\nhello\r\n", "MSG subject=foo reply= sid=1 header= payload=hello")]
    [InlineData(@"MSG foo 1 r 0\r\n\r\n", "MSG subject=foo reply=r sid=1 header= payload=")]
    [InlineData(@"HMSG r 5 16 16\r\nNATS/1.0 503\r\n\r\n\r\n", "HMSG subject=r reply= sid=5 header=NATS/1.0 503\r\n\r\n payload=")]
    [InlineData(@"HMSG foo 5 r 12 13\r\nNATS/1.0\r\n\r\nx\r\n", "HMSG subject=foo reply=r sid=5 header=NATS/1.0\r\n\r\n payload=x")]
    [InlineData(@"INFO {""server_id"":""x""} \r\n", @"INFO argument={""server_id"":""x""}")]
    [InlineData(@"+OK\r\n", "+OK")]
    [InlineData(@"-ERR 'Unknown Protocol Operation'\r\n", "-ERR argument=Unknown Protocol Operation")]
    [InlineData(@"-ERR it's\r\n", "-ERR argument=it's")]
    [InlineData(@"PING\r\n", "PING")]
    public void A_frame_of_a_server_is_read(string input, string expected) => ReadsAll(input, Client, expected);

    [Theory]
    [InlineData(@"MSG foo 1 0\r\n\r\n")]
    [InlineData(@"HMSG foo 1 0 0\r\n\r\n")]
    [InlineData(@"INFO {}\r\n")]
    public void A_server_takes_no_verbs_of_servers(string input) => Refuses(input, Server, NatsErrors.UnknownProtocolOperation);

    [Theory]
    [InlineData(@"PUB foo 0\r\n\r\n")]
    [InlineData(@"HPUB foo 0 0\r\n\r\n")]
    [InlineData(@"SUB foo 1\r\n")]
    [InlineData(@"UNSUB 1\r\n")]
    [InlineData(@"CONNECT {}\r\n")]
    public void A_client_takes_no_verbs_of_clients(string input) => Refuses(input, Client, NatsErrors.UnknownProtocolOperation);

    [Theory]
    [InlineData(@"\x0bOK\r\n")] // '+' folded to upper case
    [InlineData(@"\x0dERR 'x'\r\n")] // '-' folded to upper case
    [InlineData(@"PUB\x00foo 0\r\n\r\n")] // ' ' folded to upper case
    [InlineData(@"\x10ING\r\n")]
    [InlineData(@"P\xc9NG\r\n")]
    [InlineData(@"PINX\r\n")]
    [InlineData(@"PONX\r\n")]
    [InlineData(@"HPUX foo 0 0\r\n")]
    [InlineData(@"UNSUX 1\r\n")]
    [InlineData(@"CONNEXT {}\r\n")]
    public void What_only_resembles_a_verb_is_refused(string input) => Refuses(input, Server, NatsErrors.UnknownProtocolOperation);

    [Theory]
    [InlineData("X")]
    [InlineData("PX")]
    [InlineData("PUX")]
    [InlineData("GET")]
    [InlineData(@"\x16\x03\x01")] // a TLS ClientHello
    public void Garbage_is_refused_at_its_first_wrong_byte(string input) => Refuses(input, Server, NatsErrors.UnknownProtocolOperation);

    [Fact]
    public void The_payload_limit_is_a_limit_of_header_and_payload()
    {
        var rules = NatsRules.FromClient(maxPayload: 14);
        ReadsAll(@"HPUB foo 12 14\r\nNATS/1.0\r\n\r\nhi\r\n", rules, "HPUB subject=foo reply= sid= header=NATS/1.0\r\n\r\n payload=hi");
        Refuses(@"HPUB foo 12 15\r\n", rules, NatsErrors.MaximumPayloadViolation);
        Refuses(@"PUB foo 15\r\n", rules, NatsErrors.MaximumPayloadViolation);
        Refuses(@"PUB foo 18446744073709551630\r\n", rules, NatsErrors.MaximumPayloadViolation);
    }

    [Fact]
    public void The_largest_sizes_do_not_overflow()
    {
        var rules = NatsRules.FromClient(maxPayload: int.MaxValue);
        Refuses(@"PUB foo 2147483647\r\n", rules, NatsErrors.MaximumPayloadViolation);
        var result = NatsParser.Parse(WireText.Bytes(@"PUB foo 2147483000\r\n"), rules, out _);
        Assert.Equal(NatsParseStatus.Incomplete, result.Status);
        Assert.Equal(@"PUB foo 2147483000..".Length + 2147483000 + 2, result.Needed);
    }

    [Fact]
    public void The_line_limit_counts_the_arguments()
    {
        var rules = NatsRules.FromClient(maxControlLine: 8);
        ReadsAll(@"SUB foo.12 1\r\n", rules, "SUB subject=foo.12 queue= sid=1");
        ReadsAll(@"SUB foo.12 1\n", rules, "SUB subject=foo.12 queue= sid=1");
        Refuses(@"SUB foo.123 1\r\n", rules, NatsErrors.MaximumControlLineExceeded);
        Refuses(@"SUB foo.123 1\n", rules, NatsErrors.MaximumControlLineExceeded);
        Refuses(@"SUB foo.123 1", rules, NatsErrors.MaximumControlLineExceeded);
        Refuses(@"PING {x*100}", rules, NatsErrors.MaximumControlLineExceeded);
        Assert.Equal(NatsParseStatus.Incomplete, NatsParser.Parse(WireText.Bytes(@"SUB foo.12 1\r"), rules, out _).Status);
    }

    [Fact]
    public void An_incomplete_message_says_how_many_bytes_it_needs()
    {
        var whole = WireText.Bytes(@"PUB foo 5\r\nhello\r\n");
        for (var length = 0; length < whole.Length; length++)
        {
            var result = NatsParser.Parse(whole.AsSpan(0, length), Server, out _);
            Assert.Equal(NatsParseStatus.Incomplete, result.Status);
            Assert.Equal(length < @"PUB foo 5..".Length ? 0 : whole.Length, result.Needed);
        }
    }

    [Fact]
    public void Only_the_first_frame_is_read()
    {
        var input = WireText.Bytes(@"PUB a 1\r\nx\r\nPING\r\n");
        NatsParser.Parse(input, Server, out var first);
        Assert.Equal(@"PUB a 1..x..".Length, first.Consumed);
        Assert.Equal("PING", FastAnswer.Parse(input.AsSpan(first.Consumed), Server).Outcome);
    }

    [Fact]
    public void Parsing_allocates_nothing()
    {
        var input = WireText.Bytes(@"HPUB foo.bar reply.to 12 14\r\nNATS/1.0\r\n\r\nhi\r\nSUB foo q 1\r\nUNSUB 1 3\r\nPUB foo x\r\n");
        Walk(input);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Walk(input);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static void Walk(ReadOnlySpan<byte> rest)
        {
            while (NatsParser.Parse(rest, Server, out var frame).Status == NatsParseStatus.Complete) rest = rest[frame.Consumed..];
        }
    }

    private static void ReadsAll(string input, NatsRules rules, string expected)
    {
        var bytes = WireText.Bytes(input);
        Assert.Equal(new ParseAnswer(expected, bytes.Length), FastAnswer.Parse(bytes, rules));
    }

    private static void Refuses(string input, NatsRules rules, NatsError error)
    {
        var result = NatsParser.Parse(WireText.Bytes(input), rules, out _);
        Assert.Equal(NatsParseStatus.Invalid, result.Status);
        Assert.Same(error, result.Error);
        Assert.True(error.Closes);
        Assert.Equal($"-ERR '{error.Text}'\r\n", Encoding.ASCII.GetString(error.Line.Span));
    }
}
