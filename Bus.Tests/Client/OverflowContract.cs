using System.Threading.Channels;
using Bus.Core.Client;
using Bus.Tests.Processes;

namespace Bus.Tests.Client;

/// <summary>What a subscription does with messages for which its consumer is too slow. Its enumeration is the consumer: until it is read nothing is taken.</summary>
public abstract class OverflowContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private const int Capacity = 4;
    private const int Count = 100;

    [Fact]
    public async Task The_oldest_give_way()
    {
        var (subscription, _, _) = await FloodAsync(SubscriptionOverflow.DropOldest);
        await using var owned = subscription;

        Assert.Equal(Enumerable.Range(Count - Capacity, Capacity), await subscription.TakeDataAsync(Capacity));
        Assert.Equal((Capacity, Count - Capacity), (subscription.Delivered, subscription.Dropped));
    }

    [Fact]
    public async Task The_newest_give_way_and_when_there_is_room_it_goes_on()
    {
        var (subscription, bus, _) = await FloodAsync(SubscriptionOverflow.DropNewest);
        await using var owned = subscription;

        Assert.Equal(Enumerable.Range(0, Capacity), await subscription.TakeDataAsync(Capacity));
        await bus.PublishAsync("n.0", Count);
        Assert.Equal([Count], await subscription.TakeDataAsync(1));
        Assert.Equal((Capacity + 1, Count - Capacity), (subscription.Delivered, subscription.Dropped));
    }

    [Fact]
    public async Task Of_each_topic_the_latest_is_kept()
    {
        var (subscription, _, _) = await FloodAsync(SubscriptionOverflow.LatestPerTopic, topics: 3);
        await using var owned = subscription;

        var kept = await subscription.TakeAsync(3);
        Assert.Equal([("n.0", 99), ("n.1", 97), ("n.2", 98)], kept.Select(m => (m.Topic, m.Data)));
        Assert.Equal(Count - 3, subscription.Dropped);
    }

    [Fact]
    public async Task A_slow_consumer_is_disconnected_and_its_bus_goes_on()
    {
        var bus = await Fixture.ConnectAsync();
        var subscription = await bus.OpenSubscriptionAsync<int>("n.*", Options(SubscriptionOverflow.Disconnect));
        await using var other = await bus.OpenSubscriptionAsync<int>("n.*");
        for (var i = 0; i <= Capacity; i++) await bus.PublishAsync("n.0", i);

        var error = await Assert.ThrowsAsync<SlowConsumerException>(() => subscription.Completion.Guard());
        Assert.Equal("n.*", error.Topic);
        await Assert.ThrowsAsync<SlowConsumerException>(() => subscription.TakeAsync(1).Guard());
        Assert.Equal((0, Capacity + 1), (subscription.Delivered, subscription.Dropped));
        Assert.Equal(Enumerable.Range(0, Capacity + 1), await other.TakeDataAsync(Capacity + 1));
        await other.UnsubscribeAsync().Guard();
        await bus.FlushAsync().Guard();
        await Assert.ThrowsAsync<NoRespondersException>(() => bus.RequestAsync<int, int>("n.0", 3).Guard());
    }

    [Fact]
    public async Task A_handler_that_is_too_slow_hears_of_the_end_by_its_token()
    {
        var (bus, started) = (await Fixture.ConnectAsync(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var subscription = await bus.OpenSubscriptionAsync<int>("n", async (_, token) =>
        {
            started.TrySetResult();
            await new TaskCompletionSource().Task.WaitAsync(token);
        }, Options(SubscriptionOverflow.Disconnect));
        await bus.PublishAsync("n", 0);
        await started.Task.Guard();
        for (var i = 0; i <= Capacity; i++) await bus.PublishAsync("n", i);

        await Assert.ThrowsAsync<SlowConsumerException>(() => subscription.Completion.Guard());
    }

    [Theory]
    [InlineData(SubscriptionOverflow.DropOldest)]
    [InlineData(SubscriptionOverflow.DropNewest)]
    [InlineData(SubscriptionOverflow.LatestPerTopic)]
    public async Task Requests_that_are_dropped_fail_at_once(SubscriptionOverflow overflow)
    {
        var (bus, requester, release) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = await bus.RespondAsync<int, int>("a", async (number, _, token) =>
        {
            started.TrySetResult();
            await release.Task.WaitAsync(token);
            return number;
        }, new SubscriptionOptions { Capacity = 1, WhenFull = overflow });

        var first = requester.RequestAsync<int, int>("a", 0, TimeSpan.FromHours(1));
        await started.Task.Guard();
        var waiting = Enumerable.Range(1, 9).Select(i => requester.RequestAsync<int, int>("a", i, TimeSpan.FromHours(1))).ToList();
        for (var i = 0; i < 8; i++)
        {
            var dropped = await Task.WhenAny(waiting).Guard();
            waiting.Remove(dropped);
            await Assert.ThrowsAsync<NoRespondersException>(() => dropped);
        }

        release.SetResult();
        Assert.Equal(0, await first.Guard());
        Assert.InRange(await Assert.Single(waiting).Guard(), 1, 9);
    }

    [Fact]
    public async Task A_request_that_somebody_else_answers_may_be_dropped_by_an_onlooker()
    {
        var bus = await Fixture.ConnectAsync();
        var requester = await Fixture.ConnectAsync();
        await using var onlooker = await bus.OpenSubscriptionAsync<int>(">", Options(SubscriptionOverflow.DropNewest));
        await using var service = await bus.RespondAsync<int, int>("a", (number, _, _) => ValueTask.FromResult(number + 1));

        for (var i = 0; i < Count; i++) Assert.Equal(i + 1, await requester.RequestAsync<int, int>("a", i, TimeSpan.FromHours(1)).Guard());
        await Eventually.HoldsAsync(() => onlooker.Dropped > 0, () => "The onlooker has dropped nothing.");
    }

    [Fact]
    public async Task A_request_that_waits_for_a_consumer_fails_at_once_when_the_subscription_ends()
    {
        var (bus, requester) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var subscription = await bus.OpenSubscriptionAsync<int>("a");
        var request = requester.RequestAsync<int, int>("a", 1, TimeSpan.FromHours(1));
        await Eventually.HoldsAsync(() => subscription.Pending == 1, () => "The request has not arrived.");

        await subscription.UnsubscribeAsync().Guard();

        await Assert.ThrowsAsync<NoRespondersException>(() => request.Guard());
    }

    [Fact]
    public async Task Drops_are_told_in_numbers_and_not_one_by_one()
    {
        var (subscription, bus, notices) = await FloodAsync(SubscriptionOverflow.DropOldest);
        await using var owned = subscription;
        await subscription.UnsubscribeAsync().Guard();
        Assert.Equal(Count, subscription.Dropped);

        var (told, events) = (0L, 0);
        while (told < Count - Capacity)
        {
            var notice = await notices.Reader.ReadAsync().AsTask().Guard();
            Assert.Equal((BusNoticeKind.SlowConsumer, "n.*"), (notice.Kind, notice.Topic));
            Assert.Contains("DropOldest", notice.Text, StringComparison.Ordinal);
            (told, events) = (told + notice.Count, events + 1);
        }

        Assert.Equal(Count - Capacity, told);
        Assert.InRange(events, 1, Count / 2);
        Assert.Equal(BusState.Connected, bus.State);
    }

    [Fact]
    public async Task Publishing_fails_at_once_when_there_is_no_room_and_that_is_asked_for()
    {
        var (publisher, bus) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        // Blocks for longer than the test lasts.
        await using var blocking = await bus.OpenSubscriptionAsync<byte[]>("a", new SubscriptionOptions { Capacity = 1, StallTimeout = TimeSpan.FromHours(1) });
        var (options, payload, sent) = (new PublishOptions { WhenFull = PublishOverflow.Fail }, new byte[256 * 1024], 0);

        var error = await Assert.ThrowsAsync<BackPressureException>(async () =>
        {
            for (; sent < 100_000; sent++) await publisher.PublishAsync("a", payload, options);
        });

        Assert.Equal("a", error.Topic);
        Assert.True(sent > 0, "Not even the first was taken.");
    }

    private static SubscriptionOptions Options(SubscriptionOverflow overflow) => new() { Capacity = Capacity, WhenFull = overflow };

    /// <summary>Far more than there is room for, and nobody has read any of it.</summary>
    private async Task<(ISubscription<int> Subscription, IBus Bus, Channel<BusNoticeEventArgs> Notices)> FloodAsync(SubscriptionOverflow overflow, int topics = 1)
    {
        var (bus, notices) = (await Fixture.ConnectAsync(), Channel.CreateUnbounded<BusNoticeEventArgs>());
        bus.Noticed += (_, notice) => notices.Writer.TryWrite(notice);
        var subscription = await bus.OpenSubscriptionAsync<int>("n.*", Options(overflow));
        for (var i = 0; i < Count; i++) await bus.PublishAsync($"n.{i % topics}", i);
        await Eventually.HoldsAsync(() => subscription.Pending + subscription.Dropped == Count, () => $"{subscription.Pending} wait and {subscription.Dropped} are dropped of {Count}.");
        return (subscription, bus, notices);
    }
}

public sealed class LocalOverflowTests : OverflowContract<LocalBusFixture>;

public sealed class UnixOverflowTests : OverflowContract<UnixBusFixture>;

public sealed class TcpOverflowTests : OverflowContract<TcpBusFixture>;

public sealed class PipeOverflowTests : OverflowContract<PipeBusFixture>;
