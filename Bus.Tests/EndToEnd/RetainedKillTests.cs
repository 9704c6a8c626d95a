using Bus.Core.Client;
using Bus.Tests.Client;

namespace Bus.Tests.EndToEnd;

/// <summary>Retained values while a subscriber is frozen, and when the daemon is killed. The processes use TCP, the test the Unix socket.</summary>
public sealed class RetainedKillTests() : DaemonContract("bus", "--max-retained", "2")
{
    private static readonly PublishOptions Retain = new() { Retain = true };

    protected override string ProcessUrl { get; } = new RestartingTcpBus().Endpoint.ToString();

    [Fact]
    public async Task A_frozen_subscriber_keeps_nobody_from_keeping_and_clearing_and_gets_all_in_order_when_it_wakes_up()
    {
        await using var bus = await ConnectAsync();
        await bus.PublishConfirmedAsync("state.a", "1", Retain, Never).Guard();
        await using var frozen = await StartReadyAsync("subscribed", "sub", "state.*", "--raw", "--count", "5");
        await frozen.Output.WaitForAsync("1");
        await frozen.FreezeAsync();

        await bus.PublishConfirmedAsync("state.a", "2", Retain, Never).Guard();
        await bus.PublishConfirmedAsync("state.b", "3", Retain, Never).Guard();
        var full = await Assert.ThrowsAsync<BusRefusedException>(() => bus.PublishConfirmedAsync("state.c", "4", Retain, Never).Guard());
        Assert.Equal("retained-full", full.Error);
        await bus.ClearRetainedAsync("state.a").Guard();
        Assert.Equal(["state.b"], (await bus.ListRetainedAsync().Guard()).Values.Select(value => value.Topic));
        Assert.Equal("3", (await bus.GetRetainedAsync<string>("state.b").Guard())!.Data);
        await using var late = StartIpcBus("sub", "state.*", "--raw", "--count", "1");
        Assert.Equal((0, "3\n"), (await late.ExitAsync(), late.Output.Text));
        await bus.PublishConfirmedAsync("state.c", "5", Retain, Never).Guard();

        await frozen.SignalAsync("CONT");
        // That it was cleared is an empty message.
        Assert.Equal((0, "1\n2\n3\n\n5\n"), (await frozen.ExitAsync(), frozen.Output.Text));
    }

    [Fact]
    public async Task Values_do_not_outlive_a_daemon_that_is_killed_and_are_there_again_when_they_are_published_again()
    {
        await using var bus = await ConnectAsync();
        await bus.PublishConfirmedAsync("state.a", "before", Retain, Never).Guard();
        await using var subscriber = await StartReadyAsync("subscribed", "sub", "state.*", "--raw");
        await subscriber.Output.WaitForAsync("before");
        var back = bus.NextAsync(BusState.Connected);

        await KillDaemonAsync();
        await StartDaemonAsync();
        await back;

        Assert.Empty((await bus.ListRetainedAsync().Guard()).Values);
        Assert.Null(await bus.GetRetainedAsync<string>("state.a").Guard());
        await bus.PublishConfirmedAsync("state.a", "after", Retain, Never).Guard();
        // Whenever it is back, the value is there or it comes.
        await subscriber.Output.WaitForAsync("after");
        await using var late = StartIpcBus("sub", "state.*", "--raw", "--count", "1");
        Assert.Equal((0, "after\n"), (await late.ExitAsync(), late.Output.Text));
    }
}
