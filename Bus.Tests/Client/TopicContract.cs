using Bus.Core;
using Bus.Core.Client;

namespace Bus.Tests.Client;

/// <summary>Topics with a policy of their own, on a bus where others may be used too.</summary>
public abstract class TopicContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    [Fact]
    public async Task Declared_topics_are_listed_with_their_policy_and_their_subscribers()
    {
        var bus = await Fixture.ConnectAsync();
        await using var before = await bus.OpenSubscriptionAsync<string>("orders.eu").Guard();
        var policy = new TopicPolicy { Retain = true, MaxSubscribers = 3, MaxPayload = 100, WhenSlow = SlowSubscriberAction.Drop };

        Assert.True(await bus.CreateTopicAsync("orders.*", policy).Guard());
        Assert.True(await bus.CreateTopicAsync("news").Guard());
        await using var behind = await bus.OpenSubscriptionAsync<string>("orders.*", new SubscriptionOptions { Queue = "q" }).Guard();
        await using var wider = await bus.OpenSubscriptionAsync<string>(">").Guard();

        var list = await bus.GetTopicsAsync().Guard();
        Assert.Equal((TopicCreation.OnUse, 2), (list.Creation, list.Count));
        Assert.Equal([("news", new TopicPolicy(), 0), ("orders.*", policy, 2)], list.Topics.Select(t => (t.Name, t.Policy, t.Subscribers)));
        Assert.Equal("orders.*", Assert.Single((await bus.GetTopicsAsync("*.us").Guard()).Topics).Name);
        await behind.DisposeAsync();
        await bus.FlushAsync().Guard();
        Assert.Equal(1, (await bus.GetTopicsAsync("orders.>").Guard()).Topics[0].Subscribers);
    }

    [Fact]
    public async Task A_topic_has_one_policy()
    {
        var bus = await Fixture.ConnectAsync();
        Assert.True(await bus.CreateTopicAsync("orders.*", new TopicPolicy { Retain = true }).Guard());
        Assert.False(await bus.CreateTopicAsync("orders.*", new TopicPolicy { Retain = true }).Guard());
        Assert.Equal("topic-exists", (await Assert.ThrowsAsync<BusRefusedException>(() => bus.CreateTopicAsync("orders.*").Guard())).Error);
        foreach (var overlapping in (string[])["orders.eu", "orders.>", "*.eu", ">"])
        {
            Assert.Equal("topic-overlaps", (await Assert.ThrowsAsync<BusRefusedException>(() => bus.CreateTopicAsync(overlapping).Guard())).Error);
        }

        Assert.True(await bus.CreateTopicAsync("orders.eu.new").Guard());
        await Assert.ThrowsAsync<ArgumentException>(() => bus.CreateTopicAsync("$BUS.ALL.x"));
        await Assert.ThrowsAsync<ArgumentException>(() => bus.CreateTopicAsync("a b"));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => bus.CreateTopicAsync("a", new TopicPolicy { MaxSubscribers = 0 }));
        Assert.False(await bus.DeleteTopicAsync("orders.eu").Guard());
    }

    [Fact]
    public async Task A_topic_that_retains_keeps_every_message_but_requests()
    {
        var bus = await Fixture.ConnectAsync();
        await bus.PublishAsync("state.a", "before");
        await bus.CreateTopicAsync("state.*", new TopicPolicy { Retain = true }).Guard();
        await using var responder = await bus.RespondAsync<string, string>("state.b", (question, _, _) => new($"{question}!")).Guard();
        await bus.PublishAsync("state.a", "1");
        await bus.PublishAsync("state.a", "2");
        Assert.Equal(1, (await bus.PublishConfirmedAsync("state.b", "confirmed").Guard()).Reached);
        Assert.Equal("request!", await bus.RequestAsync<string, string>("state.b", "request").Guard());
        await bus.PublishAsync("other", "x");
        await bus.FlushAsync().Guard();

        await using var late = await bus.OpenSubscriptionAsync<string>(">").Guard();
        var values = await late.TakeAsync(2);
        Assert.Equal([("2", true), ("confirmed", true)], values.Select(value => (value.Data, value.IsRetained)));
        Assert.Equal(2, (await bus.ListRetainedAsync().Guard()).Count);
    }

    [Fact]
    public async Task A_topic_has_at_most_as_many_subscriptions_as_it_may()
    {
        var (bus, other) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await bus.CreateTopicAsync("work.*", new TopicPolicy { MaxSubscribers = 2 }).Guard();
        await using var first = await bus.OpenSubscriptionAsync<string>("work.a").Guard();
        await using var second = await other.OpenSubscriptionAsync<string>("work.*", new SubscriptionOptions { Queue = "q" }).Guard();

        var error = await Assert.ThrowsAsync<BusRefusedException>(() => other.OpenSubscriptionAsync<string>("work.b").Guard());
        Assert.Equal(("topic-full", "work.b"), (error.Error, error.Topic));
        Assert.Contains("work.*", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BusRefusedException>(() => other.RespondAsync<string, string>("work.b", (text, _, _) => new(text)).Guard());
        await using var wider = await other.OpenSubscriptionAsync<string>(">").Guard();
        await first.UnsubscribeAsync().Guard();
        await bus.FlushAsync().Guard();
        await using var third = await other.OpenSubscriptionAsync<string>("work.b").Guard();
        Assert.Equal(3, (await bus.PublishConfirmedAsync("work.b", "x").Guard()).Reached);
    }

    [Fact]
    public async Task A_message_that_is_too_large_for_its_topic_is_refused()
    {
        var bus = await Fixture.ConnectAsync();
        await bus.CreateTopicAsync("small", new TopicPolicy { MaxPayload = 100 }).Guard();
        await using var subscription = await bus.OpenSubscriptionAsync<byte[]>("small").Guard();
        var noticed = bus.NoticeAsync(BusNoticeKind.NotPublished);

        await bus.PublishAsync("small", new byte[101]);
        Assert.Equal("small", (await noticed).Topic);
        Assert.Contains("101", (await noticed).Text, StringComparison.Ordinal);
        await bus.FlushAsync().Guard();
        Assert.Equal(1, bus.RefusedMessages);
        Assert.Equal("payload-too-large", (await Assert.ThrowsAsync<BusRefusedException>(() => bus.PublishConfirmedAsync("small", new byte[101]).Guard())).Error);
        Assert.Equal("payload-too-large", (await Assert.ThrowsAsync<BusRefusedException>(() => bus.RequestAsync<byte[], string>("small", new byte[101]).Guard())).Error);
        await bus.PublishAsync("small", new byte[100]);
        Assert.Equal(100, Assert.Single(await subscription.TakeDataAsync(1)).Length);
    }

    [Fact]
    public async Task Deleting_a_topic_ends_its_subscriptions_behind_what_was_published_and_leaves_nothing()
    {
        var (bus, other) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await bus.CreateTopicAsync("state.*", new TopicPolicy { Retain = true, MaxSubscribers = 4 }).Guard();
        await using var within = await other.OpenSubscriptionAsync<int>("state.a").Guard();
        await using var same = await bus.OpenSubscriptionAsync<int>("state.*").Guard();
        await using var several = await other.OpenSubscriptionAsync<int>(["state.b", "elsewhere"]).Guard();
        await using var wider = await other.OpenSubscriptionAsync<int>(">").Guard();
        for (var n = 0; n < 100; n++) await bus.PublishAsync("state.a", n);
        await bus.FlushAsync().Guard();

        Assert.True(await bus.DeleteTopicAsync("state.*").Guard());

        var seen = new List<int>();
        var error = await Assert.ThrowsAsync<TopicDeletedException>(async () =>
        {
            await foreach (var message in within) seen.Add(message.Data);
        }).Guard();
        Assert.Equal(Enumerable.Range(0, 100), seen);
        Assert.Contains("state.*", error.Message, StringComparison.Ordinal);
        Assert.Equal(100, (await same.TakeAsync(100)).Count);
        await Assert.ThrowsAsync<TopicDeletedException>(() => within.Completion.Guard());
        await Assert.ThrowsAsync<TopicDeletedException>(() => same.Completion.Guard());
        await Assert.ThrowsAsync<TopicDeletedException>(() => several.Completion.Guard());
        Assert.Empty((await bus.ListRetainedAsync().Guard()).Values);
        Assert.Empty((await bus.GetTopicsAsync().Guard()).Topics);
        await other.FlushAsync().Guard();
        Assert.Equal(1, (await bus.PublishConfirmedAsync("elsewhere", 1).Guard()).Reached);
        Assert.Equal(1, (await bus.PublishConfirmedAsync("state.a", 1).Guard()).Reached);
        Assert.False(wider.Completion.IsCompleted);
        await using var again = await other.OpenSubscriptionAsync<int>("state.a").Guard();
        Assert.Equal(2, (await bus.PublishConfirmedAsync("state.a", 2).Guard()).Reached);
        Assert.Equal([2], await again.TakeDataAsync(1));
    }

    [Fact]
    public async Task A_topic_that_is_deleted_under_load_ends_everybodys_subscription_without_a_gap()
    {
        var (bus, publisher) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await bus.CreateTopicAsync("load").Guard();
        var clients = new List<IBus>();
        for (var i = 0; i < 10; i++) clients.Add(await Fixture.ConnectAsync());
        foreach (var client in clients) await client.FlushAsync().Guard();
        var before = await bus.GetStatisticsAsync().Guard();
        var subscriptions = new List<(ISubscription Subscription, List<int> Seen)>();
        foreach (var client in clients)
        {
            var seen = new List<int>();
            subscriptions.Add((await client.OpenSubscriptionAsync<int>("load", (message, _) =>
            {
                seen.Add(message.Data);
                return default;
            }, new SubscriptionOptions { StallTimeout = Guarding.Limit }).Guard(), seen));
        }

        var (begun, isOver) = (new TaskCompletionSource(), false);
        var publishing = Task.Run(async () =>
        {
            for (var n = 0; !Volatile.Read(ref isOver); n++)
            {
                await publisher.PublishAsync("load", n);
                if (n % 100 == 99) await publisher.FlushAsync();
                if (n == 1000) begun.SetResult();
            }
        });
        await begun.Task.Guard();
        Assert.True(await bus.DeleteTopicAsync("load").Guard());
        foreach (var (subscription, _) in subscriptions) await Assert.ThrowsAsync<TopicDeletedException>(() => subscription.Completion.Guard());
        Volatile.Write(ref isOver, true);
        await publishing.Guard();

        Assert.Equal(0, (await publisher.PublishConfirmedAsync("load", -1).Guard()).Reached);
        Assert.Equal(before.Subscriptions, (await bus.GetStatisticsAsync().Guard()).Subscriptions);
        foreach (var (_, seen) in subscriptions)
        {
            Assert.True(seen.Count >= 1000, $"{seen.Count} have arrived.");
            Assert.Equal(Enumerable.Range(0, seen.Count), seen);
        }
    }

    [Fact]
    public async Task Of_many_filters_at_once_all_are_active_when_the_call_returns()
    {
        var (subscriber, publisher) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        string[] filters = [.. Enumerable.Range(0, 500).Select(n => n % 2 == 0 ? $"many.{n}" : $"many.{n}.*")];
        await using var subscription = await subscriber.OpenSubscriptionAsync<int>(new TopicFilters(filters)).Guard();
        var receipts = await Task.WhenAll(Enumerable.Range(0, 500).Select(n => publisher.PublishConfirmedAsync(n % 2 == 0 ? $"many.{n}" : $"many.{n}.x", n))).Guard();
        Assert.All(receipts, receipt => Assert.Equal(1, receipt.Reached));
        Assert.Equal(Enumerable.Range(0, 500), (await subscription.TakeDataAsync(500)).Order());
    }

    [Fact]
    public async Task Of_many_filters_at_once_none_stays_when_one_is_refused()
    {
        var (subscriber, publisher) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await publisher.CreateTopicAsync("full", new TopicPolicy { MaxSubscribers = 1 }).Guard();
        await using var first = await publisher.OpenSubscriptionAsync<int>("full").Guard();

        var error = await Assert.ThrowsAsync<BusRefusedException>(() => subscriber.OpenSubscriptionAsync<int>(["a", "b.*", "full", "c"]).Guard());

        Assert.Equal("topic-full", error.Error);
        foreach (var topic in (string[])["a", "b.x", "c"]) Assert.Equal(0, (await publisher.PublishConfirmedAsync(topic, 1).Guard()).Reached);
        Assert.Equal(1, (await publisher.PublishConfirmedAsync("full", 1).Guard()).Reached);
        await Assert.ThrowsAsync<ArgumentException>(() => subscriber.OpenSubscriptionAsync<int>(["a", "$BUS.TO.somebody"]));
        await Assert.ThrowsAsync<ArgumentException>(() => subscriber.OpenSubscriptionAsync<int>(["a", "b..c"]));
        Assert.Equal(0, (await publisher.PublishConfirmedAsync("a", 1).Guard()).Reached);
        await using var without = await subscriber.OpenSubscriptionAsync<int>(["a", "b.*", "c"]).Guard();
        Assert.Equal(1, (await publisher.PublishConfirmedAsync("b.x", 1).Guard()).Reached);
    }
}

public sealed class LocalTopicTests : TopicContract<LocalBusFixture>;

public sealed class UnixTopicTests : TopicContract<UnixBusFixture>;

public sealed class TcpTopicTests : TopicContract<TcpBusFixture>;

public sealed class PipeTopicTests : TopicContract<PipeBusFixture>;
