using System.Collections.Concurrent;
using System.Globalization;
using Bus.Core.Client;
using Bus.Core.Presence;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;

namespace Bus.Tests.EndToEnd;

/// <summary>Processes publish as fast as they can, to subscriptions of this one that nobody reads. What their policy keeps is there, and what it drops is counted and told.</summary>
public abstract class FloodContract(string url) : DaemonContract(url, "--max-payload", "64KiB", "--max-pending", "256KiB", "--publish-window", "256KiB", "--stall-budget", "10s")
{
    private const int Capacity = 16;
    private const int Count = 20_000;

    [Fact]
    public async Task Nobody_waits_for_those_who_drop_and_all_is_accounted_for_although_a_publisher_is_killed_in_the_middle()
    {
        await using var bus = await ConnectAsync();
        await using var watching = await Watching.StartAsync(bus);
        var (seen, middle) = (new ConcurrentQueue<(string Topic, int Number)>(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var witness = await bus.OpenSubscriptionAsync<string>("n.*", (message, _) =>
        {
            var number = int.Parse(message.Data, CultureInfo.InvariantCulture);
            seen.Enqueue((message.Topic, number));
            if (message.Topic == "n.victim" && number == Count / 4) middle.SetResult();
            return default;
        }).Guard();
        await using var oldest = await SubscribeAsync(SubscriptionOverflow.DropOldest);
        await using var newest = await SubscribeAsync(SubscriptionOverflow.DropNewest);
        await using var latest = await SubscribeAsync(SubscriptionOverflow.LatestPerTopic);
        await using var disconnected = await SubscribeAsync(SubscriptionOverflow.Disconnect);

        await using var victim = StartIpcBus("pub", "n.victim", "--lines");
        await using var publisher = StartIpcBus("pub", "n.publisher", "--lines");
        var flood = string.Concat(Enumerable.Range(0, Count).Select(number => $"{number}\n"));
        var (cutOff, whole) = (victim.WriteAsync(flood), publisher.WriteAsync(flood));
        await middle.Task.Guard();
        // It cannot have ended: its input is open.
        var name = (await bus.GetClientsAsync().Guard()).Single(client => client.Pid == victim.Id).Name;
        await victim.SignalAsync("KILL");
        await watching.NextAsync(PresenceKind.Leave, name);
        await cutOff.ContinueWith(_ => { }, TaskScheduler.Default).Guard();
        await whole.Guard();
        publisher.CloseInput();
        Assert.Equal((0, ""), (await publisher.ExitAsync(), publisher.Errors.Text));
        // Behind all that has arrived from either.
        foreach (var topic in new[] { "n.victim", "n.publisher" }) await bus.PublishConfirmedAsync(topic, $"{Count}", timeout: Never).Guard();
        await witness.DrainAsync().Guard();

        var all = seen.GroupBy(message => message.Topic, message => message.Number).ToDictionary(topic => topic.Key, topic => topic.ToList());
        Assert.Equal(Enumerable.Range(0, Count + 1), all["n.publisher"]);
        Assert.Equal([.. Enumerable.Range(0, all["n.victim"].Count - 1), Count], all["n.victim"]);
        Assert.True(all["n.victim"].Count > Count / 4, "It was killed too early.");
        foreach (var one in new[] { oldest, newest, latest }) await one.HasHeardOfAsync(seen.Count);
        // Each connection may see the two topics in another order, and each topic in its own.
        foreach (var (topic, numbers) in (await oldest.KeptAsync(Capacity)).Select(kept => (kept.Key, kept.Value))) Assert.Equal(all[topic][^numbers.Count..], numbers);
        foreach (var (topic, numbers) in (await newest.KeptAsync(Capacity)).Select(kept => (kept.Key, kept.Value))) Assert.Equal(all[topic][..numbers.Count], numbers);
        Assert.All(await latest.KeptAsync(2), kept => Assert.Equal([Count], kept.Value));
        await Assert.ThrowsAsync<SlowConsumerException>(() => disconnected.Subscription.Completion.Guard());
        // With what came together with the one that was too many.
        Assert.Equal(0, disconnected.Subscription.Delivered);
        Assert.InRange(disconnected.Subscription.Dropped, Capacity + 1, seen.Count);
        foreach (var one in new[] { oldest, newest, latest }) await one.HasToldOfEachDropAsync();
        Assert.All([oldest, newest, latest, disconnected], one => Assert.Equal(BusState.Connected, one.Bus.State));
    }

    [Fact]
    public async Task With_block_a_process_waits_until_somebody_reads_and_everything_arrives_although_it_freezes_meanwhile()
    {
        const int Many = 1000;
        await using var bus = await ConnectAsync();
        await using var blocked = await ConnectAsync(new BusClientOptions { ReceiveWindow = 256 * 1024 });
        await using var subscription = await blocked.OpenSubscriptionAsync<string>("n", new SubscriptionOptions { Capacity = Capacity, StallTimeout = Never }).Guard();
        await using var publisher = StartIpcBus("pub", "n", "--lines");
        var padding = new string('p', 16 * 1024);
        var writing = publisher.WriteAsync(string.Concat(Enumerable.Range(0, Many).Select(number => $"{number} {padding}\n")));
        var own = 0;
        await Assert.ThrowsAsync<BackPressureException>(async () =>
        {
            for (; own < 10_000; own++) await bus.PublishAsync("n", $"own {padding}", new PublishOptions { WhenFull = PublishOverflow.Fail });
        });
        await publisher.FreezeAsync();
        Assert.False(publisher.HasExited);

        var reading = subscription.TakeAsync(Many + own);
        await publisher.SignalAsync("CONT");

        await writing.Guard();
        publisher.CloseInput();
        var arrived = (await reading).Select(message => message.Data[..message.Data.IndexOf(' ', StringComparison.Ordinal)]).ToList();
        Assert.Equal((0, ""), (await publisher.ExitAsync(), publisher.Errors.Text));
        Assert.Equal(Enumerable.Range(0, Many), arrived.Where(text => text != "own").Select(text => int.Parse(text, CultureInfo.InvariantCulture)));
        Assert.Equal(0, subscription.Dropped);
    }

    private async Task<Unread> SubscribeAsync(SubscriptionOverflow overflow)
    {
        var bus = await ConnectAsync();
        var told = new ConcurrentQueue<BusNoticeEventArgs>();
        bus.Noticed += (_, notice) => told.Enqueue(notice);
        return new Unread(bus, await bus.OpenSubscriptionAsync<string>("n.*", new SubscriptionOptions { Capacity = Capacity, WhenFull = overflow }).Guard(), told);
    }

    /// <summary>A subscription with a connection of its own, which nobody reads until it is over.</summary>
    private sealed record Unread(IBus Bus, ISubscription<string> Subscription, ConcurrentQueue<BusNoticeEventArgs> Told) : IAsyncDisposable
    {
        public Task HasHeardOfAsync(int count) =>
            Eventually.HoldsAsync(() => Subscription.Pending + Subscription.Dropped == count, () => $"{Subscription.Pending} wait and {Subscription.Dropped} are dropped of {count}.");

        /// <summary>What it has kept, by topic.</summary>
        public async Task<Dictionary<string, List<int>>> KeptAsync(int count)
        {
            Assert.Equal(count, Subscription.Pending);
            return (await Subscription.TakeAsync(count)).GroupBy(message => message.Topic, message => int.Parse(message.Data, CultureInfo.InvariantCulture)).ToDictionary(topic => topic.Key, topic => topic.ToList());
        }

        public async Task HasToldOfEachDropAsync()
        {
            var dropped = Subscription.Dropped;
            await Subscription.UnsubscribeAsync().Guard();
            await Eventually.HoldsAsync(() => Told.Sum(notice => notice.Count) == dropped, () => $"{Told.Sum(notice => notice.Count)} of {dropped} drops were told.");
            Assert.All(Told, notice => Assert.Equal((BusNoticeKind.SlowConsumer, "n.*"), (notice.Kind, notice.Topic)));
        }

        public ValueTask DisposeAsync() => Bus.DisposeAsync();
    }
}

public sealed class UnixFloodTests() : FloodContract("bus");

public sealed class TcpFloodTests() : FloodContract(new RestartingTcpBus().Endpoint.ToString());
