using System.Collections.Concurrent;
using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;

namespace Bus.Tests.EndToEnd;

/// <summary>The daemon is frozen, or killed in this state: its address answers nobody. Who comes meanwhile, and who leaves, is not held up.</summary>
public abstract class FrozenBusContract(string url) : DaemonContract(url)
{
    private static readonly BusClientOptions Impatient = new() { ConnectTimeout = TimeSpan.FromMilliseconds(500), ReconnectMinDelay = TimeSpan.FromMilliseconds(5), ReconnectMaxDelay = TimeSpan.FromMilliseconds(20) };

    [Fact]
    public async Task A_second_daemon_does_not_take_its_address_and_it_goes_on_when_it_wakes_up()
    {
        await using var bus = await ConnectAsync();
        await using var subscription = await bus.OpenSubscriptionAsync<string>("news").Guard();
        await Daemon.FreezeAsync();

        await using var second = StartIpcBus("serve", "--listen", Endpoint.ToString());
        Assert.Equal(1, await second.ExitAsync());
        Assert.Contains("in use", second.Errors.Text, StringComparison.Ordinal);

        await Daemon.SignalAsync("CONT");
        await using var publisher = StartIpcBus("pub", "news", "awake");
        Assert.Equal(0, await publisher.ExitAsync());
        Assert.Equal(["awake"], await subscription.TakeDataAsync(1));
    }

    [Fact]
    public async Task Connecting_fails_within_its_time_or_waits_until_it_wakes_up_if_told_to()
    {
        await Daemon.FreezeAsync();
        await using var waiting = StartIpcBus("sub", "news", "--raw", "--count", "1", "--connect-timeout", "500ms", "--wait", "1m");
        var patient = BusClient.ConnectAsync(Endpoint, Impatient with { WaitForBus = Never });

        var error = await Assert.ThrowsAsync<BusConnectException>(() => BusClient.ConnectAsync(Endpoint, Impatient).Guard());
        Assert.Contains("did not answer as a bus within 0.5 s", error.Message, StringComparison.Ordinal);
        await using var impatient = StartIpcBus("clients", "--connect-timeout", "500ms");
        Assert.Equal(1, await impatient.ExitAsync());
        Assert.Contains("did not answer as a bus within 0.5 s", impatient.Errors.Text, StringComparison.Ordinal);
        Assert.False(patient.IsCompleted);

        await Daemon.SignalAsync("CONT");
        await using var bus = await patient.Guard();
        await waiting.Errors.WaitForAsync("subscribed");
        Assert.Equal(1, (await bus.PublishConfirmedAsync("news", "awake", timeout: Never).Guard()).Reached);
        Assert.Equal((0, "awake\n"), (await waiting.ExitAsync(), waiting.Output.Text));
    }

    [Fact]
    public async Task Those_who_come_at_once_are_let_in_when_it_wakes_up_whatever_the_others_do()
    {
        const int Many = 30;
        await Daemon.FreezeAsync();
        // First of all, one that connects and says nothing, and one that connects and is gone again.
        using var silent = await Dialer.ConnectAsync(Endpoint, CancellationToken.None).AsTask().Guard();
        (await Dialer.ConnectAsync(Endpoint, CancellationToken.None).AsTask().Guard()).Dispose();
        var connecting = Enumerable.Range(0, Many).Select(_ => ConnectAsync(new BusClientOptions { ConnectTimeout = Never })).ToList();
        await using var process = StartIpcBus("sub", "news", "--raw", "--count", "1", "--connect-timeout", "1m");
        Assert.DoesNotContain(connecting, one => one.IsCompleted);

        await Daemon.SignalAsync("CONT");

        var buses = await Task.WhenAll(connecting).Guard();
        await process.Errors.WaitForAsync("subscribed");
        // Whoever says nothing is nobody yet, and the bus is one of them.
        Assert.Equal(Many + 2, (await buses[0].GetClientsAsync().Guard()).Count);
        Assert.Equal(1, (await buses[^1].PublishConfirmedAsync("news", "awake", timeout: Never).Guard()).Reached);
        Assert.Equal((0, "awake\n"), (await process.ExitAsync(), process.Output.Text));
        foreach (var bus in buses) await bus.DisposeAsync().AsTask().Guard();
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("STOP")]
    public async Task A_client_that_connects_on_use_is_idle_whatever_happens_to_the_bus_and_its_first_use_waits_for_it(string signal)
    {
        await using var client = BusClient.Open(Endpoint, Impatient with { ConnectOnUse = true, Name = "idle" });
        var states = new ConcurrentQueue<BusState>();
        client.StateChanged += (_, change) => states.Enqueue(change.Current);
        await using (var other = await ConnectAsync()) Assert.DoesNotContain(await other.GetClientsAsync().Guard(), one => one.Name == "idle");
        if (signal == "KILL") await KillDaemonAsync();
        else await Daemon.FreezeAsync();
        // Others find out; it has asked nothing of the bus, so that it is nothing to it.
        await Assert.ThrowsAsync<BusConnectException>(() => BusClient.ConnectAsync(Endpoint, Impatient).Guard());
        Assert.Equal(BusState.Idle, client.State);
        Assert.Empty(states);

        var (connecting, connected) = (client.NextAsync(BusState.Connecting), client.NextAsync(BusState.Connected));
        var opening = client.OpenSubscriptionAsync<int>("n");
        await client.PublishAsync("n", 1);
        var confirmed = client.PublishConfirmedAsync("n", 2, timeout: Never);
        Assert.Equal(BusState.Idle, (await connecting).Previous);
        if (signal == "KILL") await StartDaemonAsync();
        else await Daemon.SignalAsync("CONT");

        await connected;
        Assert.Equal(1, (await confirmed.Guard()).Reached);
        Assert.Equal([1, 2], await (await opening.Guard()).TakeDataAsync(2));
        Assert.Equal([BusState.Connecting, BusState.Connected], states);
        Assert.Single(await client.GetClientsAsync().Guard(), one => one.Name == "idle");
    }

    [Fact]
    public async Task What_is_asked_before_there_is_a_bus_takes_effect_in_order_although_the_first_one_never_answers_and_is_killed()
    {
        await Daemon.FreezeAsync();
        await using var client = BusClient.Open(Endpoint, Impatient);
        var first = client.OpenSubscriptionAsync<int>("n");
        await client.PublishAsync("n", 1);
        var second = client.OpenSubscriptionAsync<int>("n");
        await client.PublishAsync("n", 2);
        var responder = client.RespondAsync<int, int>("double", (n, _, _) => new(n * 2));
        var request = client.RequestAsync<int, int>("double", 21, Never);
        var confirmed = client.PublishConfirmedAsync("n", 3, timeout: Never);
        // It has tried at least once, in vain.
        await Assert.ThrowsAsync<BusConnectException>(() => BusClient.ConnectAsync(Endpoint, Impatient).Guard());
        Assert.Equal(BusState.Connecting, client.State);
        var connected = client.NextAsync(BusState.Connected);

        await KillDaemonAsync();
        await StartDaemonAsync();

        Assert.Equal(BusState.Connecting, (await connected).Previous);
        Assert.Equal([1, 2, 3], await (await first.Guard()).TakeDataAsync(3));
        Assert.Equal([2, 3], await (await second.Guard()).TakeDataAsync(2));
        Assert.Equal(42, await request.Guard());
        Assert.Equal(2, (await confirmed.Guard()).Reached);
        await responder.Guard();
    }

    [Fact]
    public async Task Subscribing_and_draining_end_when_it_is_killed_and_what_has_arrived_is_handled()
    {
        await using var bus = await ConnectAsync();
        await using var handled = await bus.OpenSubscriptionAsync<int>("n").Guard();
        for (var i = 0; i < 10; i++) await bus.PublishConfirmedAsync("n", i).Guard();
        await Daemon.FreezeAsync();
        var drain = handled.DrainAsync();
        // Many at once, acknowledged together.
        var opening = bus.OpenSubscriptionAsync<string>([.. Enumerable.Range(0, 1000).Select(i => $"many.{i}")]);
        var flush = bus.FlushAsync();
        Assert.False(drain.IsCompleted || opening.IsCompleted || flush.IsCompleted);
        var back = bus.NextAsync(BusState.Connected);

        await KillDaemonAsync();
        await StartDaemonAsync();

        Assert.Equal(Enumerable.Range(0, 10), await handled.TakeDataAsync(11));
        await drain.Guard();
        await Assert.ThrowsAsync<ConnectionLostException>(() => flush.Guard());
        await back;
        await using var subscription = await opening.Guard();
        foreach (var topic in new[] { "many.0", "many.500", "many.999" }) Assert.Equal(1, (await bus.PublishConfirmedAsync(topic, topic, timeout: Never).Guard()).Reached);
        Assert.Equal(["many.0", "many.500", "many.999"], await subscription.TakeDataAsync(3));
        Assert.Equal(0, (await bus.PublishConfirmedAsync("n", 10, timeout: Never).Guard()).Reached);
    }
}

public sealed class UnixFrozenBusTests() : FrozenBusContract("bus");

public sealed class TcpFrozenBusTests() : FrozenBusContract(new RestartingTcpBus().Endpoint.ToString());

public sealed class PipeFrozenBusTests() : FrozenBusContract("pipe://bus");
