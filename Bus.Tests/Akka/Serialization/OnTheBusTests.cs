using Bus.Akka.Serialization;
using Bus.Core.Client;
using Bus.Core.Hosting;
using Bus.Tests.Client;

namespace Bus.Tests.Akka.Serialization;

public sealed class OnTheBusTests
{
    [Fact]
    public async Task Messages_and_requests_go_over_a_bus()
    {
        await using var node = await BusNode.StartAsync(new IpcBusOptions { Serializer = Wire.Strict });
        await using var subscription = await node.Bus.OpenSubscriptionAsync<Shape>("shapes");
        var shape = new Group("g", [new Circle("c", 2)]);
        await node.Bus.PublishAsync<Shape>("shapes", shape);
        var received = Assert.IsType<Group>((await subscription.TakeAsync(1))[0].Data);
        Assert.Equal(shape.Parts, received.Parts);
        var error = await Assert.ThrowsAsync<PayloadFormatException>(async () => await node.Bus.PublishAsync("shapes", new Secret("x")));
        Assert.IsType<TypeNotAllowedException>(error.InnerException);
    }

    [Fact]
    public async Task A_message_of_a_refused_type_fails_to_be_read()
    {
        await using var node = await BusNode.StartAsync(new IpcBusOptions { Serializer = Wire.Strict });
        await using var subscription = await node.Bus.OpenSubscriptionAsync<Secret>("secrets");
        await node.Bus.PublishAsync("secrets", Wire.WriteUnchecked(new Secret("x")));
        var message = (await subscription.TakeAsync(1))[0];
        var error = Assert.Throws<PayloadFormatException>(() => message.Data);
        Assert.IsType<TypeNotAllowedException>(error.InnerException);
    }

    [Fact]
    public async Task Who_reads_only_JSON_hears_what_it_is()
    {
        await using var node = await BusNode.StartAsync(new IpcBusOptions { Serializer = Wire.Strict });
        await using var json = node.OpenBus(new LocalBusOptions { Serializer = JsonBusSerializer.Default });
        await using var subscription = await json.OpenSubscriptionAsync<Shape>("shapes");
        await node.Bus.PublishAsync<Shape>("shapes", new Circle("c", 2));
        var message = (await subscription.TakeAsync(1))[0];
        Assert.Equal("application/x-hyperion", Assert.Throws<PayloadFormatException>(() => message.Data).UnsupportedType);
    }
}
