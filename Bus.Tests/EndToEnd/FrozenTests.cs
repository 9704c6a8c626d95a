using System.Globalization;
using Bus.Core.Client;
using Bus.Core.Presence;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;

namespace Bus.Tests.EndToEnd;

/// <summary>One process is frozen and nobody has found out yet: what all others do works as ever, and what concerns it waits for no longer than was said. The processes use TCP, the test the Unix socket.</summary>
public sealed class FrozenTests() : DaemonContract("bus")
{
    protected override string ProcessUrl { get; } = new RestartingTcpBus().Endpoint.ToString();

    [Fact]
    public async Task The_name_of_a_frozen_client_is_taken_until_it_is_taken_over_and_it_does_not_come_back_for_it()
    {
        await using var bus = await ConnectAsync();
        await using var watching = await Watching.StartAsync(bus);
        await using var owner = await StartReadyAsync("subscribed", "inbox", "owner", "--will", "wills=dead");
        await using var wills = await bus.OpenSubscriptionAsync<string>("wills").Guard();
        await owner.FreezeAsync();

        Assert.Contains("is taken", (await Assert.ThrowsAsync<BusConnectException>(() => ConnectAsync("owner"))).Message, StringComparison.Ordinal);
        await using var successor = await ConnectAsync(new BusClientOptions { Name = "owner", TakeOverName = true });
        Assert.Equal(LeaveReason.TakenOver, (await watching.NextAsync(PresenceKind.Leave, "owner")).Reason);
        await using var inbox = await successor.OpenInboxAsync<string>().Guard();
        await bus.SendAsync("owner", "for the new one").Guard();
        Assert.Equal(["for the new one"], await inbox.TakeDataAsync(1));

        await owner.SignalAsync("CONT");
        Assert.Equal(1, await owner.ExitAsync());
        Assert.Equal("", owner.Output.Text);
        Assert.Equal(System.Environment.ProcessId, (await bus.GetClientsAsync().Guard()).Single(client => client.Name == "owner").Pid);
        await bus.PublishAsync("wills", "no will of it before this");
        Assert.Equal(["no will of it before this"], await wills.TakeDataAsync(1));
    }

    [Fact]
    public async Task A_broadcast_waits_for_nobody_and_is_there_when_a_frozen_one_wakes_up()
    {
        await using var bus = await ConnectAsync();
        await using var here = await StartReadyAsync("subscribed", "inbox", "here");
        await using var frozen = await StartReadyAsync("subscribed", "inbox", "frozen");
        await using var victim = await StartReadyAsync("subscribed", "inbox", "victim");
        await frozen.FreezeAsync();
        await victim.FreezeAsync();

        await bus.BroadcastAsync("news", "to all").AsTask().Guard();
        await bus.BroadcastAsync("news", "not to those two", new BroadcastOptions { Except = ["here"], ExceptSelf = true }).AsTask().Guard();
        await bus.SendAsync("frozen", "to you").Guard();
        await bus.SendAsync("here", "and to you").Guard();
        await here.Output.WaitForAsync("to all");
        await here.Output.WaitForAsync("and to you");
        Assert.DoesNotContain("not to those two", here.Output.Text, StringComparison.Ordinal);
        await victim.SignalAsync("KILL");
        await Eventually.HoldsAsync(() => IsAbsentAsync(bus, "victim"), () => "The one that was killed is still there.");
        await frozen.SignalAsync("CONT");
        foreach (var text in new[] { "to all", "not to those two", "to you" }) await frozen.Output.WaitForAsync(text);
    }

    [Fact]
    public async Task The_members_of_a_queue_group_get_each_message_once_although_one_freezes_and_wakes_up()
    {
        const int Messages = 1000;
        await using var bus = await ConnectAsync();
        await using var one = await StartReadyAsync("subscribed", "sub", "work", "--raw", "--queue", "q");
        await using var two = await StartReadyAsync("subscribed", "sub", "work", "--raw", "--queue", "q");
        for (var i = 0; i < Messages; i++)
        {
            if (i == Messages / 4) await two.FreezeAsync();
            if (i == Messages / 2) await two.SignalAsync("CONT");
            Assert.Equal(1, (await bus.PublishConfirmedAsync("work", i, timeout: Never).Guard()).Reached);
        }

        await one.InterruptAsync();
        await two.InterruptAsync();
        Assert.Equal((0, 0), (await one.ExitAsync(), await two.ExitAsync()));
        Assert.All([one, two], process => Assert.InRange(process.Output.Lines.Length, Messages / 10, Messages));
        Assert.Equal(Enumerable.Range(0, Messages), one.Output.Lines.Concat(two.Output.Lines).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).Order());
    }

    [Fact]
    public async Task The_value_that_a_publisher_kept_is_there_when_it_is_killed_in_the_middle_of_more()
    {
        await using var publisher = StartIpcBus("pub", "state", "--lines", "--retain", "--confirm");
        await using var bus = await ConnectAsync();
        await using var subscription = await bus.OpenSubscriptionAsync<int>("state", new SubscriptionOptions { Capacity = 10_000 }).Guard();
        await publisher.WriteAsync(string.Concat(Enumerable.Range(1, 2000).Select(i => $"{i}\n")));
        await subscription.TakeAsync(100);

        await publisher.SignalAsync("KILL");

        await using var late = StartIpcBus("sub", "state", "--raw", "--count", "1");
        Assert.Equal(0, await late.ExitAsync());
        // It may be behind what was on its way when the late one came.
        Assert.InRange(int.Parse(late.Output.Lines[0], CultureInfo.InvariantCulture), 100, 2000);
    }

    [Fact]
    public async Task A_client_of_a_frozen_bus_closes_within_its_limit_or_at_once()
    {
        await using var silent = await StartSilentResponderAsync("silent");
        var (closing, aborting, draining) = (await ConnectAsync("closing"), await ConnectAsync("aborting"), await ConnectAsync("draining"));
        IBus[] buses = [closing, aborting, draining];
        foreach (var client in buses) await client.OpenSubscriptionAsync<int>("n").Guard();
        var requests = buses.Select(client => client.RequestAsync<string, string>("silent", "?", Never)).ToList();
        await silent.Errors.WaitForAsync("got it: ");
        await Daemon.FreezeAsync();
        var confirmed = buses.Select(client => client.PublishConfirmedAsync("n", 1, timeout: Never)).ToList();

        Assert.False(await closing.CloseAsync(TimeSpan.FromMilliseconds(100)).Guard());
        await aborting.AbortAsync("no patience").AsTask().Guard();
        using var patience = new CancellationTokenSource();
        var drain = draining.DrainAsync(patience.Token);
        Assert.Equal(BusState.Draining, draining.State);
        await patience.CancelAsync();
        await drain.ContinueWith(_ => { }, TaskScheduler.Default).Guard();

        Assert.All(buses, client => Assert.Equal(BusState.Closed, client.State));
        foreach (var call in requests.Concat<Task>(confirmed)) await Assert.ThrowsAnyAsync<BusException>(() => call.Guard());
        Assert.Contains("no patience", (await Assert.ThrowsAsync<BusClosedException>(() => requests[1])).Message, StringComparison.Ordinal);
        await Daemon.SignalAsync("CONT");
        foreach (var name in new[] { "closing", "aborting", "draining" })
        {
            await using var successor = await BusClient.ConnectAsync(Endpoint, new BusClientOptions { Name = name, TakeOverName = true }).Guard();
            await successor.FlushAsync().Guard();
        }
    }

    [Fact]
    public async Task A_client_that_drains_waits_for_the_reply_of_one_that_is_frozen_and_not_when_it_is_killed()
    {
        await using var frozen = await StartReadyAsync("frozen", "reply", "frozen");
        await using var victim = await StartReadyAsync("victim", "reply", "victim");
        var bus = await ConnectAsync();
        await frozen.FreezeAsync();
        await victim.FreezeAsync();
        var (answered, lost) = (bus.RequestAsync<string, string>("frozen", "?", Never), bus.RequestAsync<string, string>("victim", "?", Never));
        await bus.FlushAsync().Guard();

        var drain = bus.DrainAsync();
        Assert.Equal(BusState.Draining, bus.State);
        await victim.SignalAsync("KILL");
        await Assert.ThrowsAsync<ResponderLostException>(() => lost.Guard());
        Assert.False(drain.IsCompleted);
        await frozen.SignalAsync("CONT");

        Assert.Equal("?", await answered.Guard());
        await drain.Guard();
        Assert.Equal(BusState.Closed, bus.State);
    }

    private static async Task<bool> IsAbsentAsync(IBus bus, string name)
    {
        try
        {
            await bus.SendAsync(name, "?");
            return false;
        }
        catch (ClientAbsentException)
        {
            return true;
        }
    }
}
