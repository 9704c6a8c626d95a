using Bus.Core.Client;

namespace Bus.Tests.Client;

public abstract class ReservedTopicContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    [Fact]
    public async Task What_belongs_to_the_bus_is_refused_where_it_is_asked_for()
    {
        var bus = await Fixture.ConnectAsync();

        var publish = await Assert.ThrowsAsync<ArgumentException>(async () => await bus.PublishAsync("$BUS.EVENT.JOIN.x", "hi"));
        Assert.Contains("'$BUS.EVENT.JOIN.x' belongs to the bus itself", publish.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(async () => await bus.PublishAsync("a", "hi", new PublishOptions { ReplyTo = "$BUS.EVENT.JOIN.x" }));
        await Assert.ThrowsAsync<ArgumentException>(() => bus.RequestAsync<string, string>("$BUS.NEW", "hi"));
        Assert.Throws<ArgumentException>(() => bus.OpenTopicRef<string>("$BUS.NEW"));
        var subscribe = await Assert.ThrowsAsync<ArgumentException>(() => bus.OpenSubscriptionAsync<string>(["a", "$BUS.TO.somebody"]));
        Assert.Contains("$BUS.TO.", subscribe.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => bus.OpenSubscriptionAsync<string>("$BUS.>"));
        await Assert.ThrowsAsync<ArgumentException>(() => bus.OpenSubscriptionAsync<string>("$BUS.ALL.>", new SubscriptionOptions { Queue = "q" }));
    }

    [Fact]
    public async Task A_subscription_to_everything_does_not_get_what_the_bus_carries_for_itself()
    {
        var (bus, other) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var all = await bus.OpenSubscriptionAsync<string>(">");
        await using var broadcasts = await bus.OpenSubscriptionAsync<string>("$BUS.ALL.>");

        await other.PublishAsync("$BUS.ALL.news", "broadcast");
        await other.PublishAsync("$BUSY", "ordinary");

        Assert.Equal(["broadcast"], await broadcasts.TakeDataAsync(1));
        Assert.Equal(["ordinary"], await all.TakeDataAsync(1));
    }
}

public sealed class LocalReservedTopicTests : ReservedTopicContract<LocalBusFixture>;

public sealed class UnixReservedTopicTests : ReservedTopicContract<UnixBusFixture>;

public sealed class TcpReservedTopicTests : ReservedTopicContract<TcpBusFixture>;
