using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Tests.Client;

/// <summary>The last value of a topic, for those who come late.</summary>
public abstract class RetainedContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private static readonly PublishOptions Retain = new() { Retain = true };

    [Fact]
    public async Task A_late_subscriber_gets_the_last_value_of_each_topic_first_and_then_what_is_published()
    {
        var (publisher, late) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await publisher.PublishAsync("state.a", "old", Retain);
        await publisher.PublishAsync("state.b", "b", Retain with { Headers = new BusHeaders { ["trace"] = "7" } });
        await publisher.PublishAsync("state.a", "a", Retain);
        await publisher.PublishAsync("other", "x", Retain);

        await using var literal = await late.OpenSubscriptionAsync<string>("state.a").Guard();
        await using var wildcard = await late.OpenSubscriptionAsync<string>("state.*").Guard();
        await publisher.PublishAsync("state.a", "live");

        var first = await literal.TakeAsync(2);
        Assert.Equal(["a", "live"], first.Select(message => message.Data));
        Assert.Equal([true, false], first.Select(message => message.IsRetained));
        var all = await wildcard.TakeAsync(3);
        Assert.Equal(["b", "a", "live"], all.Select(message => message.Data));
        Assert.Equal("7", all[0].Headers["trace"]);
        Assert.Equal([true, true, false], all.Select(message => message.IsRetained));
    }

    [Fact]
    public async Task Who_is_there_already_gets_it_once_as_an_ordinary_message()
    {
        var (publisher, subscriber) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var there = await subscriber.OpenSubscriptionAsync<string>("a").Guard();
        Assert.Equal(1, (await publisher.PublishConfirmedAsync("a", "1", Retain).Guard()).Reached);
        await using var late = await subscriber.OpenSubscriptionAsync<string>("a").Guard();
        await publisher.PublishAsync("a", "2", Retain);

        var live = await there.TakeAsync(2);
        Assert.Equal(["1", "2"], live.Select(message => message.Data));
        Assert.All(live, message => Assert.False(message.IsRetained || message.Headers.Count > 0 || message.ReplyTo is not null));
        Assert.Equal(["1", "2"], await late.TakeDataAsync(2));
    }

    [Fact]
    public async Task A_queue_group_shares_messages_and_not_what_was_kept()
    {
        var bus = await Fixture.ConnectAsync();
        await bus.PublishAsync("a", "kept", Retain);
        await using var member = await bus.OpenSubscriptionAsync<string>("a", new SubscriptionOptions { Queue = "q" }).Guard();
        await bus.PublishAsync("a", "live");
        Assert.Equal(["live"], await member.TakeDataAsync(1));
    }

    [Fact]
    public async Task An_empty_payload_clears_it_and_what_is_kept_can_be_seen()
    {
        var bus = await Fixture.ConnectAsync();
        await bus.PublishAsync("state.a", "12345", Retain);
        await bus.PublishAsync("state.b", "1", Retain);

        var list = await bus.ListRetainedAsync().Guard();
        Assert.Equal([("state.a", 5), ("state.b", 1)], list.Values.Select(value => (value.Topic, value.Size)));
        Assert.Equal("state.b", Assert.Single((await bus.ListRetainedAsync("*.b").Guard()).Values).Topic);
        var kept = await bus.GetRetainedAsync<string>("state.a").Guard();
        Assert.Equal(("12345", true), (kept!.Data, kept.IsRetained));

        await using var live = await bus.OpenSubscriptionAsync<byte[]>("state.>").Guard();
        await bus.ClearRetainedAsync("state.a").Guard();
        Assert.Equal([5, 1, 0], (await live.TakeDataAsync(3)).Select(payload => payload.Length));
        Assert.Null(await bus.GetRetainedAsync<string>("state.a").Guard());
        Assert.Equal((1, 0L), ((await bus.ListRetainedAsync().Guard()).Count, list.Refused));
    }

    /// <summary>Every subscriber, whenever it comes, sees a gapless row of numbers up to the last one, each once, whoever published it.</summary>
    [Fact]
    public async Task Between_what_was_kept_and_what_is_published_nothing_is_lost_doubled_or_swapped()
    {
        const int Last = 2000;
        var (publisher, subscriber) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await publisher.PublishAsync("n", 0, Retain);
        var publishing = Task.Run(async () =>
        {
            var receipts = new List<Task>();
            for (var n = 1; n <= Last; n++)
            {
                receipts.Add(publisher.PublishConfirmedAsync("n", n, Retain, Guarding.Limit));
                if (n % 50 == 0) await receipts[^1];
            }

            await Task.WhenAll(receipts);
        });

        for (var round = 0; round < 40 || !publishing.IsCompleted; round++)
        {
            await using var late = await subscriber.OpenSubscriptionAsync<int>(round % 2 == 0 ? "n" : "*").Guard();
            var taken = await late.TakeAsync(1);
            Assert.True(taken[0].IsRetained);
            var more = await late.TakeDataAsync(Math.Min(3, Last - taken[0].Data));
            Assert.Equal(Enumerable.Range(taken[0].Data + 1, more.Count), more);
        }

        await publishing.Guard();
        Assert.Equal(Last, (await subscriber.GetRetainedAsync<int>("n").Guard())!.Data);
    }

    [Fact]
    public async Task What_cannot_be_kept_is_refused()
    {
        var bus = await Fixture.ConnectAsync();
        await Assert.ThrowsAsync<ArgumentException>(async () => await bus.PublishAsync("$BUS.ALL.x", "hi", Retain));
        await Assert.ThrowsAsync<ArgumentException>(async () => await bus.PublishAsync("a.*", "hi", Retain));
        await Assert.ThrowsAsync<ArgumentException>(async () => await bus.PublishAsync("a", "hi", Retain with { ReplyTo = "b" }));
        Assert.Empty((await bus.ListRetainedAsync().Guard()).Values);
    }
}

public sealed class LocalRetainedTests : RetainedContract<LocalBusFixture>;

public sealed class UnixRetainedTests : RetainedContract<UnixBusFixture>;

public sealed class TcpRetainedTests : RetainedContract<TcpBusFixture>;
