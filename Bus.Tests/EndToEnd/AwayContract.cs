using System.Globalization;
using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;

namespace Bus.Tests.EndToEnd;

/// <summary>The daemon is gone, by <c>kill -9</c> or in good order, and clients live on without it until it is back.</summary>
public abstract class AwayContract(string url) : DaemonContract(url, "--restart-in", "200ms")
{
    [Fact]
    public async Task What_is_published_while_it_is_away_arrives_in_order_as_far_as_there_is_room()
    {
        var few = new OfflineOptions { MaxMessages = 3 };
        await using var failing = await LeaveAsync(few);
        await using var oldest = await LeaveAsync(few with { Overflow = OfflineOverflow.DropOldest });
        await using var newest = await LeaveAsync(few with { Overflow = OfflineOverflow.DropNewest });
        await using var bytes = await LeaveAsync(new OfflineOptions { MaxBytes = 10_000, Overflow = OfflineOverflow.DropOldest });
        await using var aged = await LeaveAsync(new OfflineOptions { MaxAge = TimeSpan.FromTicks(1) });
        Leaver[] all = [failing, oldest, newest, bytes, aged];
        var lost = all.Select(one => one.Bus.NextAsync(BusState.Reconnecting)).ToList();
        await KillDaemonAsync();
        await Task.WhenAll(lost);

        var failed = 0;
        foreach (var one in all)
        {
            for (var i = 0; i < 10; i++)
            {
                try
                {
                    await one.Bus.PublishAsync(one.Bus.Name, $"{i}{(one == bytes ? new string(' ', 3000) : "")}", new PublishOptions { Headers = new BusHeaders { ["Number"] = $"{i}" } });
                }
                catch (NotConnectedException) when (one == failing)
                {
                    failed++;
                }
            }
        }

        Assert.Equal(7, failed);
        foreach (var one in all.Except([failing, aged])) await Eventually.HoldsAsync(() => one.Bus.DroppedMessages == 7, () => $"{one.Bus.DroppedMessages} are dropped.");
        var back = all.Select(one => one.Bus.NextAsync(BusState.Connected)).ToList();
        await StartDaemonAsync();
        await Task.WhenAll(back);
        foreach (var one in all)
        {
            await one.Bus.PublishAsync(one.Bus.Name, "99", new PublishOptions { Headers = new BusHeaders { ["Number"] = "99" } });
            int[] expected = one == aged ? [99] : one == failing || one == newest ? [0, 1, 2, 99] : [7, 8, 9, 99];
            var arrived = await one.Subscription.TakeAsync(expected.Length);
            Assert.Equal(expected, arrived.Select(message => int.Parse(message.Data, CultureInfo.InvariantCulture)));
            Assert.Equal(expected, arrived.Select(message => int.Parse(message.Headers["Number"]!, CultureInfo.InvariantCulture)));
        }

        Assert.Equal((0, 10), (failing.Bus.DroppedMessages, aged.Bus.DroppedMessages));
    }

    [Fact]
    public async Task A_client_that_has_tried_often_enough_closes_and_says_so_to_everybody()
    {
        await using var bus = await ConnectAsync(new BusClientOptions { MaxReconnectAttempts = 2 });
        await using var silent = await StartSilentResponderAsync("silent");
        await using var subscription = await bus.OpenSubscriptionAsync<int>("n").Guard();
        var request = bus.RequestAsync<string, string>("silent", "?", Never);
        var safe = bus.RequestMessageAsync<string, string>("silent", "?", new RequestOptions { SafeToRetry = true, Timeout = Never });
        await silent.Errors.WaitForAsync("got it: ");
        var closed = bus.NextAsync(BusState.Closed);

        await KillDaemonAsync();
        await KillWithItsRequestAsync(silent);

        await closed;
        await Assert.ThrowsAsync<ConnectionLostException>(() => request.Guard());
        await Assert.ThrowsAnyAsync<BusException>(() => safe.Guard());
        await Assert.ThrowsAnyAsync<BusException>(() => subscription.Completion.Guard());
        await Assert.ThrowsAsync<BusClosedException>(async () => await bus.PublishAsync("n", 1));
    }

    [Fact]
    public async Task A_client_that_is_not_to_reconnect_closes_with_the_connection()
    {
        await using var bus = await ConnectAsync(new BusClientOptions { Reconnect = false });
        await using var silent = await StartSilentResponderAsync("silent");
        var request = bus.RequestMessageAsync<string, string>("silent", "?", new RequestOptions { SafeToRetry = true, Timeout = Never });
        await silent.Errors.WaitForAsync("got it: ");
        var closed = bus.NextAsync(BusState.Closed);

        await KillDaemonAsync();
        await KillWithItsRequestAsync(silent);

        Assert.IsType<ConnectionLostException>((await closed).Reason);
        await Assert.ThrowsAnyAsync<BusException>(() => request.Guard());
        await Assert.ThrowsAsync<BusClosedException>(async () => await bus.PublishAsync("n", 1));
    }

    [Fact]
    public async Task A_bus_that_comes_back_later_than_it_said_is_found_all_the_same_and_what_was_meant_for_it_is_confirmed()
    {
        await using var bus = await ConnectAsync("moves");
        await using var subscription = await bus.OpenSubscriptionAsync<int>("n").Guard();
        var (told, lost) = (bus.NoticeAsync(BusNoticeKind.LameDuck), bus.NextAsync(BusState.Reconnecting));
        await Daemon.SignalAsync("TERM");
        Assert.Equal(TimeSpan.FromMilliseconds(200), (await told).ComeBack);
        await lost;
        Assert.Contains(await Daemon.ExitAsync(), (int[])[0, 143]);
        await Daemon.DisposeAsync();
        var meant = Enumerable.Range(0, 10).Select(i => bus.PublishConfirmedAsync("n", i, timeout: Never)).ToList();

        // It keeps its word and knocks, and nobody is there who speaks.
        await using (var somebody = ListenerFactory.Bind(Endpoint))
        {
            using var knock = await somebody.AcceptAsync(CancellationToken.None).AsTask().Guard();
        }

        var back = bus.NextAsync(BusState.Connected);
        await StartDaemonAsync();
        await back;
        Assert.All(await Task.WhenAll(meant).Guard(), receipt => Assert.Equal(1, receipt.Reached));
        Assert.Equal(Enumerable.Range(0, 10), await subscription.TakeDataAsync(10));
        Assert.Single(await bus.GetClientsAsync().Guard(), client => client.Name == "moves");
    }

    /// <summary>A client that listens to itself.</summary>
    private async Task<Leaver> LeaveAsync(OfflineOptions offline)
    {
        var bus = await ConnectAsync(new BusClientOptions { Offline = offline });
        return new Leaver(bus, await bus.OpenSubscriptionAsync<string>(bus.Name).Guard());
    }

    private sealed record Leaver(IBus Bus, ISubscription<string> Subscription) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Bus.DisposeAsync();
    }
}

public sealed class UnixAwayTests() : AwayContract("bus");

public sealed class TcpAwayTests() : AwayContract(new RestartingTcpBus().Endpoint.ToString());

public sealed class PipeAwayTests() : AwayContract("pipe://bus");
