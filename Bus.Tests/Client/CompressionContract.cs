using System.IO.Compression;
using System.Text;
using Bus.Core.Client;
using Bus.Core.Messages;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Client;

public abstract class CompressionContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private const int Above = 200;
    private const int MaxDecompressed = 2 * 1024 * 1024;

    private static readonly BusFormat Brotli = new() { Compression = new CompressionOptions { Above = Above, MaxDecompressed = MaxDecompressed } };

    private static readonly BusFormat GZip = new() { Compression = Brotli.Compression with { Method = CompressionMethod.GZip } };

    private static readonly string Long = new('x', 10_000);

    [Fact]
    public async Task Payloads_above_the_size_are_compressed_and_arrive_as_they_were()
    {
        var (brotli, gzip, plain) = (await Fixture.ConnectAsync(Brotli), await Fixture.ConnectAsync(GZip), await Fixture.ConnectAsync());
        await using var orders = await plain.OpenSubscriptionAsync<Order>("c");
        foreach (var (publisher, encoding) in new[] { (brotli, "br"), (gzip, "gzip"), (plain, null) })
        {
            await publisher.PublishAsync("c", new Order(1, Long), new PublishOptions { Headers = new BusHeaders { { "A", "b" } } });
            await publisher.PublishAsync("c", new Order(2, "short"));
            var taken = await orders.TakeAsync(2);

            Assert.Equal([new Order(1, Long), new Order(2, "short")], taken.Select(m => m.Data));
            Assert.Equal([encoding, null], taken.Select(m => m.RawHeaders?["Content-Encoding"]));
            Assert.Equal(encoding is not null, taken[0].RawPayload.Length < 200);
            Assert.Equal([KeyValuePair.Create("A", "b")], taken[0].Headers);
            Assert.True(taken[0].Payload.Length > 10_000);
        }
    }

    [Fact]
    public async Task Whatever_the_size_and_the_content_the_payload_arrives()
    {
        var (brotli, gzip, reader) = (await Fixture.ConnectAsync(Brotli), await Fixture.ConnectAsync(GZip), await Fixture.ConnectAsync());
        await using var subscription = await reader.OpenSubscriptionAsync<byte[]>("c");
        var sizes = Gen.OneOf(Gen.Choose(Above - 5, Above + 5), Gen.Choose(0, 5000));
        // Of one letter, of a few, of any byte: what compresses well, hardly and not at all.
        var payloads = Gen.Zip(sizes, Gen.Elements(1, 3, 200, 256)).SelectMany(p => Gen.ArrayOf(Gen.Choose(0, p.Item2 - 1).Select(b => (byte)b), p.Item1));
        Prop.ForAll(Gen.Zip(payloads, Gen.Elements(brotli, gzip)).ToArbitrary(), given =>
        {
            var (payload, bus) = given;
            Check(subscription, bus, payload).GetAwaiter().GetResult();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Every_way_to_send_compresses()
    {
        var (bus, peer) = (await Fixture.ConnectAsync(Brotli), await Fixture.ConnectAsync("peer"));
        await using var topic = await peer.OpenSubscriptionAsync<string>("way");
        var inbox = new System.Threading.Channels.BoundedChannelOptions(10);
        var received = System.Threading.Channels.Channel.CreateBounded<BusMessage<string>>(inbox);
        await using var box = await peer.OpenInboxAsync<string>((message, token) => received.Writer.WriteAsync(message, token));
        await using var service = await peer.RespondAsync<string, string>("echo", (text, message, _) => ValueTask.FromResult($"{message.RawHeaders!["Content-Encoding"]} {text}"));

        Assert.Equal(1, (await bus.PublishConfirmedAsync("way", Long).Guard()).Reached);
        await bus.PublishAsync("way", Long, new PublishOptions { Retain = true }).AsTask().Guard();
        await bus.SendAsync("peer", Long).Guard();
        await bus.DeliverAsync("peer", Long).Guard();
        await bus.BroadcastAsync("all", Long, new BroadcastOptions { ExceptSelf = true }).AsTask().Guard();

        Assert.Equal($"br {Long}", await bus.RequestAsync<string, string>("echo", Long).Guard());
        await using var late = await peer.OpenSubscriptionAsync<string>("way");
        var messages = await topic.TakeAsync(2);
        messages.AddRange(await late.TakeAsync(1));
        for (var i = 0; i < 3; i++) messages.Add(await received.Reader.ReadAsync().AsTask().Guard());
        Assert.All(messages, m => Assert.Equal((Long, "br"), (m.Data, m.RawHeaders!["Content-Encoding"])));
        Assert.True(messages[2].IsRetained);
    }

    [Fact]
    public async Task What_the_bus_itself_reads_is_not_compressed()
    {
        var bus = await Fixture.ConnectAsync(new BusFormat { Compression = new CompressionOptions { Above = 0 } });
        var name = new string('d', 100);
        await bus.CreateTopicAsync(name).Guard();
        Assert.Contains((await bus.GetTopicsAsync(name).Guard()).Topics, topic => topic.Name == name);
        await bus.DeleteTopicAsync(name).Guard();
        Assert.Empty((await bus.GetTopicsAsync(name).Guard()).Topics);
    }

    [Fact]
    public async Task Replies_are_compressed_for_those_who_are_known_to_understand_it()
    {
        var (server, client) = (await Fixture.ConnectAsync(Brotli), await Fixture.ConnectAsync());
        await using var service = await server.RespondAsync<string, string>("long", (_, _, _) => ValueTask.FromResult(Long));
        var reply = await client.RequestMessageAsync<string, string>("long", "").Guard();
        Assert.Equal((Long, "br"), (reply.Data, reply.RawHeaders!["Content-Encoding"]));
        Assert.False(reply.Headers.Contains("Content-Encoding"));

        // As a plain NATS client asks.
        await using var answers = await client.OpenSubscriptionAsync<string>("answers");
        await client.PublishAsync("long", "", new PublishOptions { ReplyTo = "answers" });
        var answer = Assert.Single(await answers.TakeAsync(1));
        Assert.Equal((Long, null), (Encoding.UTF8.GetString(answer.RawPayload.Span), answer.RawHeaders));
    }

    [Fact]
    public async Task The_limit_of_the_bus_is_for_what_goes_over_the_wire()
    {
        var (bus, plain) = (await Fixture.ConnectAsync(Brotli), await Fixture.ConnectAsync(Brotli));
        await using var subscription = await plain.OpenSubscriptionAsync<byte[]>("big");
        await bus.PublishAsync("big", new byte[MaxDecompressed]);
        Assert.Equal(MaxDecompressed, Assert.Single(await subscription.TakeDataAsync(1)).Length);

        var random = new byte[MaxDecompressed];
        new Random(1).NextBytes(random);
        await Assert.ThrowsAsync<PayloadTooLargeException>(async () => await bus.PublishAsync("big", random));
        // Whoever receives it would refuse it: it is not compressed.
        var error = await Assert.ThrowsAsync<PayloadTooLargeException>(async () => await bus.PublishAsync("big", new byte[MaxDecompressed + 1]));
        Assert.Equal((MaxDecompressed + 1, false), (error.Size, error.IsReceived));
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task A_payload_that_becomes_too_large_is_refused(string encoding)
    {
        var (server, client) = (await Fixture.ConnectAsync(Brotli), await Fixture.ConnectAsync());
        await using var subscription = await server.OpenSubscriptionAsync<byte[]>("bomb");
        await using var service = await server.RespondAsync<byte[], int>("measure", (bytes, _, _) => ValueTask.FromResult(bytes.Length));
        var headers = new BusHeaders { { "Content-Encoding", encoding } };
        var bomb = Compressed(encoding, new byte[64 * 1024 * 1024]);

        await client.PublishAsync("bomb", bomb, new PublishOptions { Headers = headers });
        var message = Assert.Single(await subscription.TakeAsync(1));
        var error = Assert.Throws<PayloadTooLargeException>(() => message.Data);
        Assert.Equal((true, MaxDecompressed, bomb.Length, "bomb"), (error.IsReceived, (int)error.Limit, (int)error.Size, error.Topic));
        Assert.Throws<PayloadTooLargeException>(() => message.Payload);

        var refused = await Assert.ThrowsAsync<RemoteErrorException>(() => client.RequestMessageAsync<byte[], int>("measure", bomb, new RequestOptions { Headers = headers }).Guard());
        Assert.Equal((413, "payload-too-large"), (refused.Code, refused.Error));
        Assert.Equal(3, await client.RequestAsync<byte[], int>("measure", new byte[3]).Guard());
        var largest = await client.RequestMessageAsync<byte[], int>("measure", Compressed(encoding, new byte[MaxDecompressed]), new RequestOptions { Headers = headers }).Guard();
        Assert.Equal(MaxDecompressed, largest.Data);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task A_damaged_payload_is_refused_and_the_next_one_is_read(string encoding)
    {
        var (server, client) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var service = await server.RespondAsync<string, int>("measure", (text, _, _) => ValueTask.FromResult(text.Length));
        var options = new RequestOptions { Headers = new BusHeaders { { "content-encoding", encoding } } };
        var whole = Compressed(encoding, Encoding.UTF8.GetBytes(Long));
        byte[][] damaged = [whole[..^1], whole[..(whole.Length / 2)], "not compressed"u8.ToArray()];
        foreach (var payload in damaged)
        {
            var error = await Assert.ThrowsAsync<RemoteErrorException>(() => client.RequestMessageAsync<byte[], int>("measure", payload, options).Guard());
            Assert.Equal((400, "bad-request"), (error.Code, error.Error));
            Assert.Contains("compressed", error.Text, StringComparison.Ordinal);
        }

        Assert.Equal(Long.Length, (await client.RequestMessageAsync<byte[], int>("measure", whole, options).Guard()).Data);
    }

    [Fact]
    public async Task An_encoding_that_is_not_known_leaves_the_bytes_as_they_are()
    {
        var (server, client) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync(Brotli));
        await using var bytes = await server.OpenSubscriptionAsync<byte[]>("z");
        await using var text = await server.OpenSubscriptionAsync<string>("z");
        await using var service = await server.RespondAsync<Order, int>("order", (_, _, _) => ValueTask.FromResult(1));
        var headers = new BusHeaders { { "Content-Encoding", "zstd" } };
        await client.PublishAsync("z", new byte[500], new PublishOptions { Headers = headers });

        var raw = Assert.Single(await bytes.TakeAsync(1));
        Assert.Equal((500, "zstd"), (raw.Data.Length, raw.Headers["Content-Encoding"]));
        var error = Assert.Throws<PayloadFormatException>(() => text.TakeAsync(1).GetAwaiter().GetResult()[0].Data);
        Assert.Equal("zstd", error.UnsupportedType);
        var refused = await Assert.ThrowsAsync<RemoteErrorException>(() => client.RequestMessageAsync<byte[], int>("order", new byte[500], new RequestOptions { Headers = headers }).Guard());
        Assert.Equal((415, "unsupported-content-type"), (refused.Code, refused.Error));
    }

    [Fact]
    public async Task What_is_passed_on_arrives_as_it_was()
    {
        var (bus, relay) = (await Fixture.ConnectAsync(Brotli), await Fixture.ConnectAsync());
        await using var target = await bus.OpenSubscriptionAsync<string>("target");
        await using var byActor = await relay.OpenSubscriptionAsync<string>("source", relay.OpenTopicRef<string>("target"));
        await using var byHand = await relay.OpenSubscriptionAsync<string>("source", (message, token) => relay.PublishAsync("target", message.Payload, new PublishOptions { Headers = message.Headers }, token));
        await bus.PublishAsync("source", Long);

        var messages = await target.TakeAsync(2);
        Assert.Equal([Long, Long], messages.Select(m => m.Data));
        Assert.Single(messages, m => m.RawHeaders?["Content-Encoding"] == "br");
    }

    [Fact]
    public async Task The_detail_of_an_error_is_compressed_too()
    {
        var (server, client) = (await Fixture.ConnectAsync(Brotli), await Fixture.ConnectAsync());
        await using var service = await server.RespondAsync<string, string>("fail", (_, _, _) => throw new RemoteErrorException("no", detail: Long));
        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => client.RequestAsync<string, string>("fail", "").Guard());
        Assert.Equal(Long, error.Detail);
    }

    [Fact]
    public async Task An_answer_that_is_too_large_says_so()
    {
        var (server, client) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var service = await server.RespondAsync<string, byte[]>("much", (_, _, _) => ValueTask.FromResult(new byte[2 * 1024 * 1024]));
        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => client.RequestAsync<string, byte[]>("much", "").Guard());
        Assert.Equal((500, "payload-too-large"), (error.Code, error.Error));
    }

    private static byte[] Compressed(string encoding, byte[] payload)
    {
        using var target = new MemoryStream();
        using (Stream stream = encoding == "br" ? new BrotliStream(target, CompressionLevel.Optimal, leaveOpen: true) : new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true)) stream.Write(payload);
        return target.ToArray();
    }

    private static async Task Check(ISubscription<byte[]> subscription, IBus bus, byte[] payload)
    {
        await bus.PublishAsync("c", payload);
        var message = Assert.Single(await subscription.TakeAsync(1));
        Assert.Equal(payload, message.Data);
        Assert.Empty(message.Headers);
        var isCompressed = message.RawHeaders is not null;
        Assert.True(payload.Length > Above || !isCompressed);
        Assert.True(payload.Length <= Above || isCompressed || payload.Distinct().Count() > 3, "It was not compressed although that would have made it smaller.");
        Assert.True(!isCompressed || message.RawPayload.Length < payload.Length);
    }
}

public sealed class LocalCompressionTests : CompressionContract<LocalBusFixture>;

public sealed class UnixCompressionTests : CompressionContract<UnixBusFixture>;

public sealed class PipeCompressionTests : CompressionContract<PipeBusFixture>;

public sealed class TcpCompressionTests : CompressionContract<TcpBusFixture>;
