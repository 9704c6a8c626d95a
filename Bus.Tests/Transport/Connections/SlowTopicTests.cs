using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Hosting;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;

namespace Bus.Tests.Transport.Connections;

/// <summary>What the policy of a topic does about subscriptions that do not take their messages.</summary>
public sealed class SlowTopicTests
{
    private const int Messages = 2_000;

    [Fact]
    public async Task Nobody_waits_for_it_when_the_topic_drops_and_its_other_subscriptions_lose_nothing()
    {
        await using var bus = StreamTopic.Bus(SlowSubscriberAction.Drop);
        await bus.StartAsync();
        using var stuck = await bus.ConnectAsync();
        await stuck.FlushAsync("SUB stream 1\r\n");
        using var publisher = await StreamTopic.FloodAsync(bus, Messages);

        // It reads again: what fitted, in order, and the rest is missing; the connection goes on.
        await stuck.SendAsync("PING\r\n");
        var seen = StreamTopic.Numbers(await stuck.TakeUntilAsync("PONG\r\n"));
        Assert.InRange(seen.Count, 1, Messages - 1);
        Assert.Equal(seen.Order(), seen);
        Assert.Equal("MSG other 2 2\r\nhi\r\n", await stuck.FlushAsync("SUB other 2\r\nPUB other 2\r\nhi\r\n"));
        Assert.Equal(0, bus.Environment.Counters.SlowConsumers);
        stuck.Dispose();
        publisher.Dispose();
        await bus.NothingLeftAsync();
    }

    [Fact]
    public async Task It_is_closed_at_once_when_the_topic_says_so()
    {
        await using var bus = StreamTopic.Bus(SlowSubscriberAction.Disconnect);
        await bus.StartAsync();
        using var stuck = await bus.ConnectAsync();
        await stuck.FlushAsync("SUB stream 1\r\n");
        using var publisher = await StreamTopic.FloodAsync(bus, Messages);

        Assert.Equal(1, bus.Environment.Counters.SlowConsumers);
        Assert.EndsWith("\r\n-ERR 'Slow Consumer'\r\n", await stuck.ReadToEndAsync(), StringComparison.Ordinal);
        stuck.Dispose();
        publisher.Dispose();
        await bus.NothingLeftAsync();
    }

    [Fact]
    public async Task A_client_of_ours_hears_how_many_were_dropped_and_of_which_subscription()
    {
        await using var bus = StreamTopic.Bus(SlowSubscriberAction.Drop);
        await bus.StartAsync();
        await using var client = await BusClient.ConnectAsync(bus.Endpoint, new BusClientOptions { ReceiveWindow = 64 * 1024 }).Guard();
        // Nobody takes its messages, so that the client reads no more.
        await using var subscription = await client.OpenSubscriptionAsync<byte[]>("stream", new SubscriptionOptions { Capacity = 1, StallTimeout = TimeSpan.FromHours(1) }).Guard();
        var noticed = client.NoticeAsync(BusNoticeKind.SlowConsumer);
        using var publisher = await StreamTopic.FloodAsync(bus, Messages);

        var taken = 0;
        var reading = Task.Run(async () =>
        {
            await foreach (var _ in subscription) Interlocked.Increment(ref taken);
        });
        await Eventually.HoldsAsync(() => Volatile.Read(ref taken) + subscription.Dropped == Messages, () => $"{taken} are taken and {subscription.Dropped} dropped of {Messages}.");
        Assert.Equal("stream", (await noticed).Topic);
        Assert.InRange((await noticed).Count, 1, subscription.Dropped);
        Assert.Equal(BusState.Connected, client.State);
        await subscription.DisposeAsync();
        await reading.Guard();
    }

    [Theory]
    [InlineData(SlowSubscriberAction.Drop)]
    [InlineData(SlowSubscriberAction.Disconnect)]
    public async Task In_process_it_decides_for_subscriptions_that_would_make_publishers_wait(SlowSubscriberAction action)
    {
        await using var node = await BusNode.StartAsync(new IpcBusOptions { Topics = [new TopicDeclaration { Name = "a.*", Policy = new TopicPolicy { WhenSlow = action } }] });
        var waiting = new SubscriptionOptions { Capacity = 10, StallTimeout = TimeSpan.FromHours(1) };
        await using var subscription = await node.Bus.OpenSubscriptionAsync<int>("a.x", waiting).Guard();
        await using var latest = await node.Bus.OpenSubscriptionAsync<int>("a.x", waiting with { WhenFull = SubscriptionOverflow.LatestPerTopic }).Guard();
        for (var n = 0; n < 100; n++) await node.Bus.PublishConfirmedAsync("a.x", n).Guard();

        await Eventually.HoldsAsync(() => latest.Dropped == 99, () => $"{latest.Dropped} are dropped: its own policy counts.");
        if (action == SlowSubscriberAction.Drop) Assert.Equal(Enumerable.Range(0, 10), await subscription.TakeDataAsync(10));
        else await Assert.ThrowsAsync<SlowConsumerException>(() => subscription.Completion.Guard());
    }

    [Fact]
    public async Task A_policy_that_comes_later_holds_for_those_who_are_there_and_ends_with_the_topic()
    {
        await using var node = await BusNode.StartAsync();
        await using var subscription = await node.Bus.OpenSubscriptionAsync<int>("a", new SubscriptionOptions { Capacity = 1, StallTimeout = TimeSpan.FromHours(1) }).Guard();
        await node.Bus.CreateTopicAsync("a", new TopicPolicy { WhenSlow = SlowSubscriberAction.Drop }).Guard();
        for (var n = 0; n < 100; n++) await node.Bus.PublishAsync("a", n);
        await Eventually.HoldsAsync(() => subscription.Dropped == 99, () => $"{subscription.Dropped} are dropped.");
    }
}
