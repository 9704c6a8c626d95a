using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Protobuf;
using Bus.Tests.Client;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Bus.Tests.Protobuf;

public abstract class ProtobufContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private static readonly BusFormat Format = new() { Serializer = ProtobufBusSerializer.Default, Others = [JsonBusSerializer.Default] };

    [Fact]
    public async Task Messages_travel_as_protocol_buffers_and_all_else_as_JSON()
    {
        var (publisher, subscriber) = (await Fixture.ConnectAsync(Format), await Fixture.ConnectAsync(Format));
        await using var times = await subscriber.OpenSubscriptionAsync<Timestamp>("times");
        await using var orders = await subscriber.OpenSubscriptionAsync<Order>("orders");
        var time = new Timestamp { Seconds = 1_700_000_000, Nanos = 5 };

        await publisher.PublishAsync("times", time);
        await publisher.PublishAsync("orders", new Order(1, "Ada"));

        var message = Assert.Single(await times.TakeAsync(1));
        Assert.Equal(time, message.Data);
        Assert.Equal("application/x-protobuf", message.Headers["Content-Type"]);
        Assert.Equal(time.ToByteArray(), message.Payload.ToArray());
        var order = Assert.Single(await orders.TakeAsync(1));
        Assert.Equal(new Order(1, "Ada"), order.Data);
        Assert.Empty(order.Headers);
    }

    [Fact]
    public async Task A_service_answers_in_protocol_buffers_and_in_JSON()
    {
        var (server, proto, json) = (await Fixture.ConnectAsync(Format), await Fixture.ConnectAsync(Format), await Fixture.ConnectAsync());
        await using var upper = await server.RespondAsync<StringValue, StringValue>("upper", (text, _, _) => ValueTask.FromResult(new StringValue { Value = text.Value.ToUpperInvariant() }));
        await using var next = await server.RespondAsync<Order, Order>("next", (order, _, _) => ValueTask.FromResult(order with { Number = order.Number + 1 }));

        Assert.Equal("GRÜSSE", (await proto.RequestAsync<StringValue, StringValue>("upper", new StringValue { Value = "grüsse" }).Guard()).Value);
        Assert.Equal("", (await proto.RequestAsync<StringValue, StringValue>("upper", new StringValue()).Guard()).Value);
        Assert.Equal(2, (await json.RequestAsync<Order, Order>("next", new Order(1, "Ada")).Guard()).Number);
    }

    [Fact]
    public async Task A_service_that_knows_only_JSON_says_so()
    {
        var (server, proto) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync(Format));
        await using var service = await server.RespondAsync<Order, Order>("next", (order, _, _) => ValueTask.FromResult(order));
        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => proto.RequestAsync<Timestamp, Timestamp>("next", new Timestamp()).Guard());
        Assert.Equal((415, "unsupported-content-type"), (error.Code, error.Error));
        Assert.Contains("'application/x-protobuf'", error.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 10, 200, 1, 65 })] // a text of 200 bytes, of which there is one
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 })] // a number that does not end
    [InlineData(new byte[] { 10, 255, 255, 255, 255, 7 })] // a text of 2 GiB
    [InlineData(new byte[] { 0 })] // no field
    public async Task A_damaged_message_is_refused_and_the_next_one_is_read(byte[] damaged)
    {
        var (server, client) = (await Fixture.ConnectAsync(Format), await Fixture.ConnectAsync(Format));
        await using var service = await server.RespondAsync<StringValue, StringValue>("echo", (text, _, _) => ValueTask.FromResult(text));
        var options = new RequestOptions { Headers = new BusHeaders { { "Content-Type", "application/protobuf" } } };
        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => client.RequestMessageAsync<byte[], StringValue>("echo", damaged, options).Guard());
        Assert.Equal((400, "bad-request"), (error.Code, error.Error));
        Assert.Equal("x", (await client.RequestAsync<StringValue, StringValue>("echo", new StringValue { Value = "x" }).Guard()).Value);
    }

    [Fact]
    public async Task A_type_that_is_no_message_cannot_be_read_from_one_or_written_as_one()
    {
        var (proto, only) = (await Fixture.ConnectAsync(Format), await Fixture.ConnectAsync(new BusFormat { Serializer = ProtobufBusSerializer.Default }));
        await using var orders = await proto.OpenSubscriptionAsync<Order>("orders");
        await proto.PublishAsync("orders", new Timestamp { Seconds = 1 });
        var message = Assert.Single(await orders.TakeAsync(1));
        Assert.Contains("no message of Protocol Buffers", Assert.Throws<PayloadFormatException>(() => message.Data).Message, StringComparison.Ordinal);

        var error = await Assert.ThrowsAsync<PayloadFormatException>(async () => await only.PublishAsync("orders", new Order(1, "Ada")));
        Assert.Contains("Serializers", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<PayloadFormatException>(async () => await only.PublishAsync<Timestamp?>("orders", null));
        Assert.Contains("no null", error.Message, StringComparison.Ordinal);
    }
}

public sealed class LocalProtobufTests : ProtobufContract<LocalBusFixture>;

public sealed class UnixProtobufTests : ProtobufContract<UnixBusFixture>;

public sealed class PipeProtobufTests : ProtobufContract<PipeBusFixture>;

public sealed class TcpProtobufTests : ProtobufContract<TcpBusFixture>;
