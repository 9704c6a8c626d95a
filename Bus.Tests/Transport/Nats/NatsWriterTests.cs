using System.Text;
using Bus.Transport.Nats;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Transport.Nats;

public sealed class NatsWriterTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20263, 20265);

    [Fact]
    public void Each_line_is_what_the_protocol_says()
    {
        Assert.Equal("MSG foo 1 5\r\n", Written((t) => NatsWriter.WriteMsgHead(t, "foo"u8, "1"u8, default, 0, 5)));
        Assert.Equal("MSG foo 1 r 0\r\n", Written((t) => NatsWriter.WriteMsgHead(t, "foo"u8, "1"u8, "r"u8, 0, 0)));
        Assert.Equal("HMSG foo 1 r 12 14\r\n", Written((t) => NatsWriter.WriteMsgHead(t, "foo"u8, "1"u8, "r"u8, 12, 14)));
        Assert.Equal("PUB foo 5\r\n", Written((t) => NatsWriter.WritePubHead(t, "foo"u8, default, 0, 5)));
        Assert.Equal("HPUB foo r 12 14\r\n", Written((t) => NatsWriter.WritePubHead(t, "foo"u8, "r"u8, 12, 14)));
        Assert.Equal("SUB foo.> 1\r\n", Written((t) => NatsWriter.WriteSub(t, "foo.>"u8, default, "1"u8)));
        Assert.Equal("SUB foo q 1\r\n", Written((t) => NatsWriter.WriteSub(t, "foo"u8, "q"u8, "1"u8)));
        Assert.Equal("UNSUB 1\r\n", Written((t) => NatsWriter.WriteUnsub(t, "1"u8, 0)));
        Assert.Equal("UNSUB 1 5\r\n", Written((t) => NatsWriter.WriteUnsub(t, "1"u8, 5)));
        Assert.Equal("-ERR 'Invalid Subject'\r\n", Written((t) => NatsWriter.WriteErr(t, "Invalid Subject")));
        Assert.Equal("-ERR 'a  b'\r\n", Written((t) => NatsWriter.WriteErr(t, "a\r\nb")));
        Assert.Equal("PING\r\nPONG\r\n+OK\r\n\r\n", Encoding.ASCII.GetString([.. NatsWriter.Ping, .. NatsWriter.Pong, .. NatsWriter.Ok, .. NatsWriter.LineEnd]));
    }

    [Fact]
    public void The_reserved_length_holds_the_longest_line()
    {
        Assert.Equal(NatsWriter.MaxMsgHeadLength(3, 2, 1), NatsWriter.WriteMsgHead(new byte[100], "foo"u8, "12"u8, "r"u8, int.MaxValue, int.MaxValue));
        Assert.Equal(NatsWriter.MaxPubHeadLength(3, 1), NatsWriter.WritePubHead(new byte[100], "foo"u8, "r"u8, int.MaxValue, int.MaxValue));
        Assert.Equal(NatsWriter.MaxSubLength(3, 1, 2), NatsWriter.WriteSub(new byte[100], "foo"u8, "q"u8, "12"u8));
        Assert.Equal(NatsWriter.MaxUnsubLength(2), NatsWriter.WriteUnsub(new byte[100], "12"u8, long.MaxValue));
        Assert.Equal(NatsWriter.MaxErrLength(4), NatsWriter.WriteErr(new byte[100], "text"));
    }

    [Fact]
    public void The_parser_reads_what_was_written_for_a_client()
    {
        Check.One(Many, Prop.ForAll(Messages.ToArbitrary(), m => Reads(NatsRules.FromServer(), ToClient(m), m)));

        static byte[] ToClient(Message m)
        {
            var target = new byte[NatsWriter.MaxMsgHeadLength(m.Subject.Length, m.Sid.Length, m.Reply.Length)];
            var length = NatsWriter.WriteMsgHead(target, Bytes(m.Subject), Bytes(m.Sid), Bytes(m.Reply), m.Header.Length, m.Header.Length + m.Payload.Length);
            return [.. target.AsSpan(0, length), .. Bytes(m.Header), .. Bytes(m.Payload), .. NatsWriter.LineEnd];
        }
    }

    [Fact]
    public void The_parser_reads_what_was_written_for_a_server()
    {
        Check.One(Many, Prop.ForAll(Messages.ToArbitrary(), m => Reads(NatsRules.FromClient(), ToServer(m), m with { Sid = "" })));

        static byte[] ToServer(Message m)
        {
            var target = new byte[NatsWriter.MaxPubHeadLength(m.Subject.Length, m.Reply.Length)];
            var length = NatsWriter.WritePubHead(target, Bytes(m.Subject), Bytes(m.Reply), m.Header.Length, m.Header.Length + m.Payload.Length);
            return [.. target.AsSpan(0, length), .. Bytes(m.Header), .. Bytes(m.Payload), .. NatsWriter.LineEnd];
        }
    }

    [Fact]
    public void The_parser_reads_the_subscriptions_that_were_written()
    {
        var lines = from filter in NatsGenerators.Token from queue in NatsGenerators.OptionalToken from sid in NatsGenerators.Token from max in Gen.Choose(0, int.MaxValue) select (filter, queue, sid, max);
        Check.One(Many, Prop.ForAll(lines.ToArbitrary(), line =>
        {
            var target = new byte[NatsWriter.MaxSubLength(line.filter.Length, line.queue.Length, line.sid.Length) + NatsWriter.MaxUnsubLength(line.sid.Length)];
            var first = NatsWriter.WriteSub(target, Bytes(line.filter), Bytes(line.queue), Bytes(line.sid));
            var second = NatsWriter.WriteUnsub(target.AsSpan(first), Bytes(line.sid), line.max);
            Assert.Equal(new ParseAnswer($"SUB subject={line.filter} queue={line.queue} sid={line.sid}", first), FastAnswer.Parse(target.AsSpan(0, first), NatsRules.FromClient()));
            Assert.Equal(new ParseAnswer($"UNSUB sid={line.sid} max={line.max}", second), FastAnswer.Parse(target.AsSpan(first, second), NatsRules.FromClient()));
        }));
    }

    private static Gen<Message> Messages =>
        from subject in NatsGenerators.Token
        from reply in NatsGenerators.OptionalToken
        from sid in NatsGenerators.Token
        from header in NatsGenerators.Body
        from payload in NatsGenerators.Body
        select new Message(subject, reply, sid, header, payload);

    private static void Reads(NatsRules rules, byte[] written, Message m)
    {
        var result = NatsParser.Parse(written, rules, out var frame);
        Assert.Equal(NatsParseStatus.Complete, result.Status);
        Assert.Equal(written.Length, frame.Consumed);
        Assert.Equal(m, new Message(Text(frame.Subject), Text(frame.ReplyTo), Text(frame.Sid), Text(frame.Header), Text(frame.Payload)));
        Assert.Equal(m.Header + m.Payload, Text(frame.Body));

        string Text(NatsSlice slice) => Encoding.Latin1.GetString(slice.Of(written));
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string Written(Func<byte[], int> write)
    {
        var target = new byte[100];
        return Encoding.UTF8.GetString(target, 0, write(target));
    }

    private sealed record Message(string Subject, string Reply, string Sid, string Header, string Payload);
}
