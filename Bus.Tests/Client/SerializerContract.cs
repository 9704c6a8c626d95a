using System.Text;
using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Core.Rpc;

namespace Bus.Tests.Client;

public abstract class SerializerContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private const string Sharp = "application/x-sharp";
    private const string Star = "application/x-star";

    private static readonly int[] OneTwo = [1, 2];

    private static readonly int[] Three = [3];

    private static readonly BusFormat SharpOnly = new() { Serializer = new LabelSerializer(Sharp) };

    private static readonly BusFormat JsonAndSharp = new() { Others = [new LabelSerializer(Sharp)] };

    [Fact]
    public async Task A_message_says_what_it_is_and_is_read_by_who_reads_that()
    {
        var (sharp, both) = (await Fixture.ConnectAsync(SharpOnly), await Fixture.ConnectAsync(JsonAndSharp));
        await using var subscription = await both.OpenSubscriptionAsync<Order>("orders");
        await using var bytes = await both.OpenSubscriptionAsync<string>("orders");

        await sharp.PublishAsync("orders", new Order(1, "Ada"));
        await sharp.FlushAsync().Guard();
        await both.PublishAsync("orders", new Order(2, "Grace"));

        var messages = await subscription.TakeAsync(2);
        Assert.Equal([new Order(1, "Ada"), new Order(2, "Grace")], messages.Select(m => m.Data));
        Assert.Equal(Sharp, messages[0].Headers["Content-Type"]);
        Assert.Empty(messages[1].Headers);
        Assert.Equal(["#{\"Number\":1,\"Customer\":\"Ada\"}", "{\"number\":2,\"customer\":\"Grace\"}"], await bytes.TakeDataAsync(2));
    }

    [Fact]
    public async Task JSON_says_so_when_it_is_told_to()
    {
        var (json, sharp) = (await Fixture.ConnectAsync(new BusFormat { Serializer = new JsonBusSerializer { SendsContentType = true } }), await Fixture.ConnectAsync(SharpOnly with { Others = [JsonBusSerializer.Default] }));
        await using var subscription = await sharp.OpenSubscriptionAsync<Order>("orders");
        await json.PublishAsync("orders", new Order(1, "Ada"), new PublishOptions { Headers = new BusHeaders { { "Trace", "t" } } });
        var message = Assert.Single(await subscription.TakeAsync(1));
        Assert.Equal(new Order(1, "Ada"), message.Data);
        Assert.Equal([KeyValuePair.Create("Trace", "t"), KeyValuePair.Create("Content-Type", "application/json")], message.Headers);
    }

    [Fact]
    public async Task A_request_is_answered_in_its_own_format()
    {
        var (server, sharp, json) = (await Fixture.ConnectAsync(JsonAndSharp), await Fixture.ConnectAsync(SharpOnly), await Fixture.ConnectAsync());
        await using var service = await server.RespondAsync<Order, Order>("double", (order, _, _) => ValueTask.FromResult(order with { Number = order.Number * 2 }));

        var (first, second) = (await sharp.RequestMessageAsync<Order, Order>("double", new Order(4, "Ada")).Guard(), await json.RequestMessageAsync<Order, Order>("double", new Order(5, "Ada")).Guard());

        Assert.Equal((8, Sharp), (first.Data.Number, first.Headers["Content-Type"]));
        Assert.Equal((10, null), (second.Data.Number, second.Headers["Content-Type"]));
    }

    [Fact]
    public async Task A_request_that_is_sent_twice_gets_the_same_answer_in_the_same_format()
    {
        var (server, sharp) = (await Fixture.ConnectAsync(JsonAndSharp), await Fixture.ConnectAsync(SharpOnly));
        var calls = 0;
        await using var service = await server.RespondAsync<Order, Order>("double", (order, _, _) => ValueTask.FromResult(order with { Number = ++calls }));
        var options = new RequestOptions { Headers = new BusHeaders { { "Nats-Msg-Id", "one" } } };
        for (var i = 0; i < 2; i++)
        {
            var answer = await sharp.RequestMessageAsync<Order, Order>("double", new Order(4, "Ada"), options).Guard();
            Assert.Equal((1, Sharp), (answer.Data.Number, answer.Headers["Content-Type"]));
        }
    }

    [Fact]
    public async Task A_subscriber_that_cannot_read_it_says_what_it_was_and_what_it_knows()
    {
        var (sharp, json) = (await Fixture.ConnectAsync(SharpOnly), await Fixture.ConnectAsync(new BusFormat { Others = [new LabelSerializer(Star)] }));
        await using var subscription = await json.OpenSubscriptionAsync<Order>("orders");
        await sharp.PublishAsync("orders", new Order(1, "Ada"));
        var message = Assert.Single(await subscription.TakeAsync(1));
        var error = Assert.Throws<PayloadFormatException>(() => message.Data);
        Assert.Equal(("orders", Sharp), (error.Topic, error.UnsupportedType));
        foreach (var part in new[] { $"'{Sharp}'", "application/json", Star, nameof(Order), "Serializers" }) Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_responder_that_cannot_read_it_tells_the_requester_and_goes_on()
    {
        var (server, sharp, json) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync(SharpOnly), await Fixture.ConnectAsync());
        var calls = 0;
        await using var service = await server.RespondAsync<Order, int>("count", (_, _, _) => ValueTask.FromResult(++calls));

        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => sharp.RequestAsync<Order, int>("count", new Order(1, "Ada")).Guard());
        Assert.Equal((415, "unsupported-content-type"), (error.Code, error.Error));
        Assert.Contains(Sharp, error.Text, StringComparison.Ordinal);
        Assert.Contains("application/json", error.Text, StringComparison.Ordinal);
        Assert.Equal(1, await json.RequestAsync<Order, int>("count", new Order(1, "Ada")).Guard());
    }

    [Fact]
    public async Task A_handler_that_reads_what_it_cannot_tells_the_sender_who_waits()
    {
        var (worker, sharp) = (await Fixture.ConnectAsync("worker"), await Fixture.ConnectAsync(SharpOnly));
        await using var inbox = await worker.OpenInboxAsync<Order>((message, token) =>
        {
            Assert.NotNull(message.Data);
            return default;
        });
        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => sharp.DeliverAsync<Order, string>("worker", new Order(1, "Ada")).Guard());
        Assert.Equal((415, "unsupported-content-type"), (error.Code, error.Error));
    }

    [Fact]
    public async Task A_requester_that_cannot_read_the_answer_says_so()
    {
        var (server, json) = (await Fixture.ConnectAsync(SharpOnly), await Fixture.ConnectAsync());
        await using var service = await server.RespondAsync<string, Order>("latest", (_, _, _) => ValueTask.FromResult(new Order(1, "Ada")));
        var error = await Assert.ThrowsAsync<PayloadFormatException>(() => json.RequestAsync<string, Order>("latest", "").Guard());
        Assert.Equal(Sharp, error.UnsupportedType);
    }

    [Fact]
    public async Task A_service_answers_each_call_in_its_format_or_says_that_it_does_not_know_it()
    {
        var (server, sharp, json) = (await Fixture.ConnectAsync(JsonAndSharp), await Fixture.ConnectAsync(SharpOnly), await Fixture.ConnectAsync());
        var star = await Fixture.ConnectAsync(new BusFormat { Serializer = new LabelSerializer(Star) });
        await using var service = await server.ServeAsync("orders", s => s.Endpoint<Order, Order>("next", (order, _) => order with { Number = order.Number + 1 })).Guard();

        foreach (var client in new[] { sharp, json }) Assert.Equal(new Order(2, "Ada"), await client.CallAsync<Order, Order>("orders", "next", new Order(1, "Ada")).Guard());
        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => star.CallAsync<Order, Order>("orders", "next", new Order(1, "Ada")).Guard());
        Assert.Equal((415, BusErrors.UnsupportedContentType), (error.Code, error.Error));
    }

    [Fact]
    public async Task The_type_chooses_where_there_is_no_content_type()
    {
        var format = new BusFormat { Serializer = new LabelSerializer(Sharp, '#', typeof(Order)), Others = [JsonBusSerializer.Default] };
        var (mixed, json) = (await Fixture.ConnectAsync(format), await Fixture.ConnectAsync());
        await using var numbers = await mixed.OpenSubscriptionAsync<int[]>("numbers");
        await using var orders = await mixed.OpenSubscriptionAsync<Order>("orders");

        await json.PublishAsync("numbers", OneTwo);
        await json.PublishAsync("orders", "#{\"Number\":3,\"Customer\":\"Ada\"}");
        await json.FlushAsync().Guard();
        await mixed.PublishAsync("numbers", Three);
        await mixed.PublishAsync("orders", new Order(4, "Ada"));

        var taken = await numbers.TakeAsync(2);
        Assert.Equal([OneTwo, Three], taken.Select(m => m.Data));
        Assert.Empty(taken[1].Headers);
        var read = await orders.TakeAsync(2);
        Assert.Equal([3, 4], read.Select(m => m.Data.Number));
        Assert.Equal([null, Sharp], read.Select(m => m.Headers["Content-Type"]));
    }

    [Fact]
    public async Task The_content_type_that_the_user_gives_chooses_and_stands_alone()
    {
        var bus = await Fixture.ConnectAsync(new BusFormat { Serializer = new LabelSerializer(Sharp), Others = [JsonBusSerializer.Default] });
        await using var subscription = await bus.OpenSubscriptionAsync<Order>("orders");
        await bus.PublishAsync("orders", new Order(1, "Ada"), new PublishOptions { Headers = new BusHeaders { { "content-type", "application/vnd.order+json; charset=\"UTF-8\"" } } });
        await bus.PublishAsync("orders", new Order(2, "Ada"), new PublishOptions { Headers = new BusHeaders { { "Content-Type", Sharp.ToUpperInvariant() } } });

        var messages = await subscription.TakeAsync(2);
        Assert.Equal([1, 2], messages.Select(m => m.Data.Number));
        Assert.StartsWith("{\"number\"", Encoding.UTF8.GetString(messages[0].Payload.Span), StringComparison.Ordinal);
        Assert.Equal([["application/vnd.order+json; charset=\"UTF-8\""], [Sharp.ToUpperInvariant()]], messages.Select(m => m.Headers.GetValues("Content-Type").ToArray()));
    }

    [Fact]
    public async Task Bytes_and_text_have_no_content_type_and_are_read_whatever_it_is()
    {
        var (sharp, json) = (await Fixture.ConnectAsync(SharpOnly), await Fixture.ConnectAsync());
        await using var bytes = await json.OpenSubscriptionAsync<byte[]>("raw");
        await using var memory = await json.OpenSubscriptionAsync<Memory<byte>>("raw");
        await using var sequence = await json.OpenSubscriptionAsync<System.Buffers.ReadOnlySequence<byte>>("raw");

        await sharp.PublishAsync("raw", "text ü");
        await sharp.PublishAsync("raw", new byte[] { 1, 2 });
        await sharp.PublishAsync("raw", new Memory<byte>([3]));
        await sharp.PublishAsync("raw", new System.Buffers.ReadOnlySequence<byte>([4, 5]));
        await sharp.PublishAsync("raw", new Order(1, "Ada"));

        var taken = await bytes.TakeAsync(5);
        Assert.All(taken[..4], m => Assert.Empty(m.Headers));
        Assert.Equal(["text ü", "\u0001\u0002", "\u0003", "\u0004\u0005", "#{\"Number\":1,\"Customer\":\"Ada\"}"], taken.Select(m => Encoding.UTF8.GetString(m.Data)));
        Assert.Equal(taken.Select(m => m.Data), (await memory.TakeDataAsync(5)).Select(m => m.ToArray()));
        Assert.Equal(taken.Select(m => m.Data), (await sequence.TakeDataAsync(5)).Select(m => System.Buffers.BuffersExtensions.ToArray(m)));
    }

    [Fact]
    public async Task Text_in_another_charset_is_not_taken_for_UTF_8()
    {
        var bus = await Fixture.ConnectAsync();
        await using var text = await bus.OpenSubscriptionAsync<string>("t");
        await using var order = await bus.OpenSubscriptionAsync<Order>("t");
        foreach (var type in new[] { "text/plain; charset=latin1", "application/json;charset=utf-16", "text/plain; format=flowed; Charset=utf-8" })
            await bus.PublishAsync("t", "{\"number\":7}", new PublishOptions { Headers = new BusHeaders { { "Content-Type", type } } });

        var (texts, orders) = (await text.TakeAsync(3), await order.TakeAsync(3));
        Assert.Equal("text/plain; charset=latin1", Assert.Throws<PayloadFormatException>(() => texts[0].Data).UnsupportedType);
        Assert.Throws<PayloadFormatException>(() => texts[1].Data);
        Assert.Equal("{\"number\":7}", texts[2].Data);
        Assert.All(orders, o => Assert.NotNull(Assert.Throws<PayloadFormatException>(() => o.Data).UnsupportedType));
    }

    [Fact]
    public async Task What_an_actor_passes_on_keeps_its_format()
    {
        var (both, sharp) = (await Fixture.ConnectAsync(JsonAndSharp), await Fixture.ConnectAsync(SharpOnly));
        await using var target = await both.OpenSubscriptionAsync<Order>("target");
        var relay = both.OpenTopicRef<Order>("target");
        await using var source = await both.OpenSubscriptionAsync<Order>("source", relay);
        await sharp.PublishAsync("source", new Order(1, "Ada"));
        var message = Assert.Single(await target.TakeAsync(1));
        Assert.Equal((new Order(1, "Ada"), Sharp), (message.Data, message.Headers["Content-Type"]));
    }
}

public sealed class LocalSerializerTests : SerializerContract<LocalBusFixture>;

public sealed class UnixSerializerTests : SerializerContract<UnixBusFixture>;

public sealed class PipeSerializerTests : SerializerContract<PipeBusFixture>;

public sealed class TcpSerializerTests : SerializerContract<TcpBusFixture>;
