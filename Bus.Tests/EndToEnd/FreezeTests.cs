using Bus.Core.Client;
using Bus.Core.Presence;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;

namespace Bus.Tests.EndToEnd;

/// <summary>Real processes that die or freeze (SIGSTOP: the socket stays open, nobody reads or answers). Everybody else finds out by the heartbeat and goes on.</summary>
public sealed class FreezeTests : IAsyncLifetime
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly RestartingDaemon _daemon = new("--ping-interval", $"{Beat.TotalMilliseconds}ms");

    public Task InitializeAsync() => _daemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Theory]
    [InlineData(false, "KILL", LeaveReason.Lost)]
    [InlineData(true, "KILL", LeaveReason.Lost)]
    [InlineData(false, "STOP", LeaveReason.Stale)]
    [InlineData(true, "STOP", LeaveReason.Stale)]
    public async Task A_client_that_is_killed_or_freezes_is_found_and_its_will_published(bool tcp, string signal, LeaveReason reason)
    {
        await using var bus = await BusClient.ConnectAsync(_daemon.Unix, new BusClientOptions { Name = "watcher" }).Guard();
        await using var watching = await Watching.StartAsync(bus);
        await using var wills = await bus.OpenSubscriptionAsync<string>("wills.*");
        await using var victim = ToolProcess.StartIpcBus("inbox", "victim", "--will", "wills.victim=it is dead", "--url", _daemon.Url(tcp));
        await victim.Errors.WaitForAsync("subscribed");
        Assert.Equal(victim.Id, (await watching.NextAsync(PresenceKind.Join, "victim")).Client.Pid);
        await bus.SendAsync("victim", "are you there?").Guard();

        await victim.SignalAsync(signal);

        var left = await watching.NextAsync(PresenceKind.Leave, "victim");
        Assert.Equal((reason, victim.Id), (left.Reason, left.Client.Pid));
        Assert.Equal(["it is dead"], await wills.TakeDataAsync(1));
        // All that it had is gone: nobody to send to, and the name is free.
        var absent = await Assert.ThrowsAsync<ClientAbsentException>(() => bus.SendAsync("victim", "still there?").Guard());
        Assert.False(absent.IsConnected);
        await using var successor = await BusClient.ConnectAsync(_daemon.Unix, new BusClientOptions { Name = "victim" }).Guard();
    }

    [Fact]
    public async Task A_frozen_client_that_wakes_up_comes_back_under_its_name()
    {
        await using var bus = await BusClient.ConnectAsync(_daemon.Unix, new BusClientOptions { Name = "watcher" }).Guard();
        await using var watching = await Watching.StartAsync(bus);
        await using var sleeper = ToolProcess.StartIpcBus("inbox", "sleeper", "--count", "1", "--url", _daemon.Unix);
        await sleeper.Errors.WaitForAsync("subscribed");
        var before = await watching.NextAsync(PresenceKind.Join, "sleeper");
        await sleeper.SignalAsync("STOP");
        await watching.NextAsync(PresenceKind.Leave, "sleeper");

        await sleeper.SignalAsync("CONT");

        var after = await watching.NextAsync(PresenceKind.Join, "sleeper");
        Assert.Equal((before.Client.Id, sleeper.Id), (after.Client.Id, after.Client.Pid));
        await sleeper.Errors.WaitForAsync("again");
        await bus.SendAsync("sleeper", "good morning").Guard();
        await sleeper.Output.WaitForAsync("good morning");
    }

    [Fact]
    public async Task A_responder_that_freezes_costs_its_requester_no_more_than_the_heartbeat()
    {
        await using var bus = await BusClient.ConnectAsync(_daemon.Unix).Guard();
        await using var service = ToolProcess.StartIpcBus("reply", "slow", "--exec", "echo 'got it' >&2; exec sleep 1000", "--url", _daemon.Unix);
        await service.Errors.WaitForAsync("slow");
        var request = bus.RequestAsync<string, string>("slow", "?", TimeSpan.FromHours(1));
        await service.Errors.WaitForAsync("got it");

        await service.SignalAsync("STOP");

        await Assert.ThrowsAsync<ResponderLostException>(() => request.Guard());
        await Assert.ThrowsAsync<NoRespondersException>(() => bus.RequestAsync<string, string>("slow", "?", TimeSpan.FromHours(1)).Guard());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_bus_that_freezes_is_found_by_its_clients_and_found_again_when_it_wakes_up(bool tcp)
    {
        await using var bus = await BusClient.ConnectAsync(_daemon.Url(tcp), new BusClientOptions { Name = "client", PingInterval = Beat, ConnectTimeout = TimeSpan.FromSeconds(2) }).Guard();
        await using var subscription = await bus.OpenSubscriptionAsync<string>("news");
        var (lost, back) = (bus.NextAsync(BusState.Reconnecting), bus.NextAsync(BusState.Connected));

        await _daemon.Process.SignalAsync("STOP");
        var request = bus.RequestAsync<string, string>("anything", "?", TimeSpan.FromHours(1));

        Assert.Contains("did not answer", (await lost.Guard()).Reason!.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ConnectionLostException>(() => request.Guard());
        await _daemon.Process.SignalAsync("CONT");
        await back.Guard();
        await bus.PublishAsync("news", "awake");
        Assert.Equal(["awake"], await subscription.TakeDataAsync(1));
        Assert.Single(await bus.GetClientsAsync().Guard(), c => c.Name == "client");
    }
}
