using Bus.Core;
using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Tests.Processes;

namespace Bus.Tests.EndToEnd;

/// <summary>Declared topics while real processes that use them are killed or frozen. The processes use TCP, the test the Unix socket.</summary>
public sealed class DeclaredTopicKillTests() : DaemonContract("bus", "--declared-only", "--topic", "always.*")
{
    protected override string ProcessUrl { get; } = new RestartingTcpBus().Endpoint.ToString();

    [Fact]
    public async Task A_subscriber_that_is_killed_makes_room_for_another()
    {
        await using var bus = await ConnectAsync();
        await bus.CreateTopicAsync("few", new TopicPolicy { MaxSubscribers = 2, Retain = true }).Guard();
        await bus.PublishConfirmedAsync("few", "kept").Guard();
        await using var victim = await StartReadyAsync("subscribed", "sub", "few");
        await using var member = await StartReadyAsync("subscribed", "sub", "few", "--queue", "q");
        await using var refused = StartIpcBus("sub", "few");
        Assert.Equal(1, await refused.ExitAsync());
        var error = await Assert.ThrowsAsync<BusRefusedException>(() => bus.OpenSubscriptionAsync<string>("few").Guard());
        Assert.Equal("topic-full", error.Error);

        await victim.SignalAsync("KILL");

        await Eventually.HoldsAsync(async () => (await bus.GetTopicsAsync("few").Guard()).Topics[0].Subscribers == 1, () => "The one that was killed is still counted.");
        await using var successor = await StartReadyAsync("subscribed", "sub", "few", "--count", "1", "--raw");
        Assert.Equal((0, "kept\n"), (await successor.ExitAsync(), successor.Output.Text));
    }

    [Fact]
    public async Task A_frozen_subscriber_does_not_hold_up_deleting_and_gets_what_came_before_when_it_wakes_up()
    {
        await using var bus = await ConnectAsync();
        await bus.CreateTopicAsync("orders.*").Guard();
        await using var frozen = await StartReadyAsync("subscribed", "sub", "orders.*", "--raw");
        await using var here = await bus.OpenSubscriptionAsync<string>("orders.new").Guard();
        await frozen.FreezeAsync();
        Assert.Equal(2, (await bus.PublishConfirmedAsync("orders.new", "before", timeout: Never).Guard()).Reached);

        Assert.True(await bus.DeleteTopicAsync("orders.*").Guard());
        Assert.Equal(["before"], await here.TakeDataAsync(1));
        await Assert.ThrowsAsync<TopicDeletedException>(() => here.Completion.Guard());
        Assert.Equal("topic-undeclared", (await Assert.ThrowsAsync<BusRefusedException>(() => bus.PublishConfirmedAsync("orders.new", "after").Guard())).Error);

        await frozen.SignalAsync("CONT");
        Assert.Equal((1, "before\n"), (await frozen.ExitAsync(), frozen.Output.Text));
        Assert.Contains("was deleted", frozen.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_daemon_is_killed_the_topics_that_it_was_started_with_are_restored_with_their_subscriptions_and_the_others_end()
    {
        await using var bus = await ConnectAsync();
        await bus.CreateTopicAsync("later.*").Guard();
        await using var kept = await bus.OpenSubscriptionAsync<string>("always.x").Guard();
        await using var ended = await bus.OpenSubscriptionAsync<string>("later.x").Guard();
        await using var member = await StartReadyAsync("subscribed", "sub", "always.*", "--raw", "--queue", "q");
        await using var stray = await StartReadyAsync("subscribed", "sub", "later.x");
        var back = bus.NextAsync(BusState.Connected);

        await KillDaemonAsync();
        await StartDaemonAsync();

        await back;
        Assert.Equal("topic-undeclared", (await Assert.ThrowsAsync<BusRefusedException>(() => ended.Completion.Guard())).Error);
        Assert.Equal(1, await stray.ExitAsync());
        Assert.Contains("no such topic", stray.Errors.Text, StringComparison.OrdinalIgnoreCase);
        await Eventually.HoldsAsync(async () => (await bus.GetTopicsAsync().Guard()).Topics is [{ Name: "always.*", Subscribers: 2 }], () => "The other process does not come back.");
        Assert.Equal(2, (await bus.PublishConfirmedAsync("always.x", "after").Guard()).Reached);
        Assert.Equal(["after"], await kept.TakeDataAsync(1));
        await member.Output.WaitForAsync("after");
        Assert.True(await bus.CreateTopicAsync("later.*").Guard());
        await using var again = await bus.OpenSubscriptionAsync<string>("later.x").Guard();
    }
}
