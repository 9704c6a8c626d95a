using System.Text;
using Bus.Core.Messages;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Core.Messages;

public sealed class HeaderBlockTests
{
    private static readonly Gen<string> Names = Gen.NonEmptyListOf(Gen.Elements("abcXYZ019-_.!~".ToCharArray())).Select(c => string.Concat(c));

    private static readonly Gen<string> Values = Gen.ListOf(Gen.Elements("abc :;=\"ü€\t,09".ToCharArray())).Select(c => string.Concat(c).Trim(' ', '\t'));

    [Fact]
    public void What_is_written_is_read_again()
    {
        var headers = Gen.ListOf(Gen.Zip(Names, Values)).Select(pairs =>
        {
            var all = new BusHeaders();
            foreach (var (name, value) in pairs) all.Add(name, value);
            return all;
        });
        Prop.ForAll(headers.ToArbitrary(), given =>
        {
            var block = HeaderBlock.Encode(given);
            var read = HeaderBlock.Decode(block, out var description);
            return given.SequenceEqual(read) && description.Length == 0 && HeaderBlock.ReadStatus(block) == 0 && block.Length == HeaderBlock.Measure(given)
                && given.All(h => HeaderBlock.Contains(block, Encoding.UTF8.GetBytes(h.Key.ToUpperInvariant())));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Whatever_a_peer_sends_is_read_without_an_error()
    {
        var pieces = Gen.Elements("NATS/1.0", " ", "503", "\r\n", "\n", "\r", ":", "a: b", "Bus-Error:x", "\0", "\u00ff", "NATS/1.0 503 no\r\n");
        Prop.ForAll(Gen.ListOf(pieces).Select(p => Encoding.Latin1.GetBytes(string.Concat(p))).ToArbitrary(), block =>
        {
            HeaderBlock.Decode(block, out _);
            Assert.True(HeaderBlock.ReadStatus(block) == 0 || HeaderBlock.HasStatus(block));
            HeaderBlock.Contains(block, "a"u8);
        }).QuickCheckThrowOnFailure();
        Prop.ForAll<byte[]>(block => HeaderBlock.Decode(block ?? [], out _) is not null).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("NATS/1.0 503\r\n\r\n", 503, "")]
    [InlineData("NATS/1.0 100 Idle Heartbeat\r\n\r\n", 100, "Idle Heartbeat")]
    [InlineData("NATS/1.0\r\nA: 1\r\n\r\n", 0, "")]
    [InlineData("NATS/1.0 x\r\n\r\n", 0, "")]
    [InlineData("", 0, "")]
    public void The_status_stands_on_the_first_line(string block, int status, string description)
    {
        HeaderBlock.Decode(Encoding.ASCII.GetBytes(block), out var found);
        Assert.Equal((status, description), (HeaderBlock.ReadStatus(Encoding.ASCII.GetBytes(block)), found));
    }

    [Theory]
    [InlineData("NATS/1.0\r\nA: 1\r\n\r\n", false)]
    [InlineData("NATS/1.0 \r\nA: 1\r\n\r\n", false)]
    [InlineData("NATS/1.0\nA: 1\r\n\r\n", false)]
    [InlineData("A: 503\r\n\r\n", false)]
    [InlineData("NATS/1.0 503\r\n\r\n", true)]
    [InlineData("NATS/1.0\t503\r\n\r\n", true)]
    [InlineData("NATS/1.0503\r\n\r\n", true)]
    [InlineData("NATS/1.0 x\n", true)]
    public void Anything_behind_the_version_counts_as_a_status_that_somebody_could_read(string block, bool hasStatus) => Assert.Equal(hasStatus, HeaderBlock.HasStatus(Encoding.ASCII.GetBytes(block)));

    [Fact]
    public void What_the_bus_says_has_a_status() =>
        Assert.Equal("NATS/1.0 404\r\nBus-Error: x\r\n\r\n", Encoding.ASCII.GetString(HeaderBlock.Encode(404, new BusHeaders { ["Bus-Error"] = "x" })));

    [Fact]
    public void A_request_is_marked()
    {
        var block = new byte[HeaderBlock.Measure(headers: null, isRequest: true)];
        Assert.Equal(block.Length, HeaderBlock.Write(headers: null, block, isRequest: true));
        Assert.Equal("NATS/1.0\r\nBus-Request: 1\r\n\r\n", Encoding.ASCII.GetString(block));
        Assert.Empty(HeaderBlock.Encode(new BusHeaders()));
    }

    [Theory]
    [InlineData("", "x", "empty")]
    [InlineData("a b", "x", "a blank at position 1")]
    [InlineData("a:b", "x", "a colon")]
    [InlineData("ü", "x", "U+00FC")]
    [InlineData("a", "x\r\nEvil: 1", "a carriage return at position 1")]
    [InlineData("a", "x\ny", "a line feed at position 1")]
    [InlineData("a", " x", "white space")]
    public void What_would_break_the_wire_is_refused(string name, string value, string reason)
    {
        var headers = new BusHeaders();
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => headers.Add(name, value)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => headers[name] = value);
        Assert.Empty(headers);
    }

    [Fact]
    public void Setting_a_name_replaces_its_values_in_place()
    {
        var headers = new BusHeaders { { "a", "1" }, { "b", "2" }, { "A", "3" } };
        headers["a"] = "4";
        Assert.Equal("a: 4; b: 2", headers.ToString());
        headers["B"] = null;
        Assert.Equal("a: 4", headers.ToString());
        Assert.Equal("4", headers["A"]);
        Assert.Null(headers["b"]);
    }
}
