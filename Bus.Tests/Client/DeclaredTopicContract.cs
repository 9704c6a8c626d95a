using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Hosting;

namespace Bus.Tests.Client;

/// <summary>A bus on which only declared topics can be used.</summary>
public abstract class DeclaredTopicContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    protected override IpcBusOptions BusOptions => new()
    {
        TopicCreation = TopicCreation.Declared,
        Topics = [new TopicDeclaration { Name = "orders.*" }, new TopicDeclaration { Name = "news", Policy = new TopicPolicy { Retain = true } }],
    };

    [Fact]
    public async Task Publishing_on_any_other_is_refused()
    {
        var bus = await Fixture.ConnectAsync();
        var noticed = bus.NoticeAsync(BusNoticeKind.NotPublished);
        await bus.PublishAsync("ordrs.new", "x");
        Assert.Equal("ordrs.new", (await noticed).Topic);

        var error = await Assert.ThrowsAsync<BusRefusedException>(() => bus.PublishConfirmedAsync("ordrs.new", "x").Guard());
        Assert.Equal(("topic-undeclared", "ordrs.new"), (error.Error, error.Topic));
        error = await Assert.ThrowsAsync<BusRefusedException>(() => bus.RequestAsync<string, string>("orders.new.x", "x", TimeSpan.FromHours(1)).Guard());
        Assert.Equal("topic-undeclared", error.Error);
        await Assert.ThrowsAsync<BusRefusedException>(() => bus.SurveyAsync<string, string>("orders", "x", new SurveyOptions { Timeout = TimeSpan.FromHours(1) }).Guard());
        await Assert.ThrowsAsync<BusRefusedException>(async () => await bus.PublishAsync("state", "x", new PublishOptions { Retain = true }));
        Assert.Empty((await bus.ListRetainedAsync().Guard()).Values);
        Assert.Equal(0, (await bus.PublishConfirmedAsync("orders.new", "x").Guard()).Reached);
        await Assert.ThrowsAsync<NoRespondersException>(() => bus.RequestAsync<string, string>("orders.new", "x").Guard());
    }

    [Fact]
    public async Task Subscribing_to_what_can_never_come_is_refused()
    {
        var bus = await Fixture.ConnectAsync();
        foreach (var filter in (string[])["ordrs.new", "orders", "orders.*.x", "new.>"])
        {
            var error = await Assert.ThrowsAsync<BusRefusedException>(() => bus.OpenSubscriptionAsync<string>(filter).Guard());
            Assert.Equal("topic-undeclared", error.Error);
        }

        await Assert.ThrowsAsync<BusRefusedException>(() => bus.OpenSubscriptionAsync<string>(["orders.new", "other"]).Guard());
        foreach (var filter in (string[])["orders.new", "orders.*", "*.new", "news", ">"]) await (await bus.OpenSubscriptionAsync<string>(filter).Guard()).DisposeAsync();
    }

    [Fact]
    public async Task What_is_declared_can_be_used_by_everybody_at_once_and_what_is_deleted_by_nobody()
    {
        var (bus, other) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        for (var round = 0; round < 20; round++)
        {
            await Assert.ThrowsAsync<BusRefusedException>(() => other.PublishConfirmedAsync("later.x", "x").Guard());
            Assert.True(await bus.CreateTopicAsync("later.*").Guard());
            await using var subscription = await other.OpenSubscriptionAsync<string>("later.x").Guard();
            Assert.Equal(1, (await other.PublishConfirmedAsync("later.x", "x").Guard()).Reached);
            Assert.True(await bus.DeleteTopicAsync("later.*").Guard());
            Assert.Equal(["x"], await subscription.TakeDataAsync(1));
            await Assert.ThrowsAsync<TopicDeletedException>(() => subscription.Completion.Guard());
        }

        Assert.Equal((TopicCreation.Declared, 2), ((await bus.GetTopicsAsync().Guard()).Creation, (await bus.GetTopicsAsync().Guard()).Count));
    }

    [Fact]
    public async Task Topics_that_the_bus_was_started_with_cannot_be_deleted()
    {
        var bus = await Fixture.ConnectAsync();
        foreach (var name in (string[])["news", "orders.*"])
        {
            var error = await Assert.ThrowsAsync<BusRefusedException>(() => bus.DeleteTopicAsync(name).Guard());
            Assert.Equal("topic-fixed", error.Error);
        }

        Assert.Equal(2, (await bus.GetTopicsAsync().Guard()).Count);
    }

    [Fact]
    public async Task What_belongs_to_the_bus_and_replies_need_not_be_declared()
    {
        var (alice, bob) = (await Fixture.ConnectAsync("alice"), await Fixture.ConnectAsync("bob"));
        await using var service = await alice.RespondAsync<string, string>("orders.new", (text, _, _) => new($"{text}!")).Guard();
        Assert.Equal("x!", await bob.RequestAsync<string, string>("orders.new", "x").Guard());
        await using var inbox = await alice.OpenInboxAsync<string>().Guard();
        await bob.SendAsync("alice", "hello");
        await bob.BroadcastAsync("all.about", "broadcast");
        Assert.Equal(["broadcast", "hello"], (await inbox.TakeDataAsync(2)).Order());
        Assert.Equal(["x!"], (await bob.SurveyAsync<string, string>("orders.new", "x").Guard()).Answers.Select(answer => answer.Data));
        await bob.PublishConfirmedAsync("news", "kept").Guard();
        Assert.Equal("kept", (await bob.GetRetainedAsync<string>("news").Guard())!.Data);
    }

    /// <summary>Topics are deleted while others publish values that are kept, with a policy and without: of a topic that is not there nothing is kept.</summary>
    [Fact]
    public async Task Of_a_topic_that_is_deleted_while_values_come_nothing_is_left()
    {
        var (bus, publisher) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var isOver = false;
        var publishing = Task.Run(async () =>
        {
            for (var n = 0; !Volatile.Read(ref isOver); n++)
            {
                await publisher.PublishAsync("state.plain", n);
                try
                {
                    await publisher.PublishAsync("state.asked", n, new PublishOptions { Retain = true });
                }
                catch (BusRefusedException e) when (e.Error == "topic-undeclared")
                {
                    // Deleted just now.
                }
            }
        });

        for (var round = 0; round < 50; round++)
        {
            await bus.CreateTopicAsync("state.*", new TopicPolicy { Retain = true }).Guard();
            await using var subscription = await bus.OpenSubscriptionAsync<int>("state.plain").Guard();
            await subscription.TakeAsync(1);
            Assert.True(await bus.DeleteTopicAsync("state.*").Guard());
            Assert.Empty((await bus.ListRetainedAsync().Guard()).Values);
        }

        Volatile.Write(ref isOver, true);
        await publishing.Guard();
    }
}

public sealed class LocalDeclaredTopicTests : DeclaredTopicContract<LocalBusFixture>;

public sealed class UnixDeclaredTopicTests : DeclaredTopicContract<UnixBusFixture>;

public sealed class TcpDeclaredTopicTests : DeclaredTopicContract<TcpBusFixture>;

public sealed class PipeDeclaredTopicTests : DeclaredTopicContract<PipeBusFixture>;
