using Bus.Core.Client;
using Bus.Tests.Processes;
using Bus.Tests.Soak;
using Bus.Transport.Client;
using Bus.Transport.Connections;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Client;

/// <summary>The sockets of a client are lost, one or all of them, and come back.</summary>
public sealed class ClientPoolLossTests : ClientPoolSuite
{
    [Fact]
    public async Task In_the_middle_of_load_one_is_lost_and_the_topics_of_the_others_lose_nothing()
    {
        const int Count = 1000;
        await using var relay = new Relay(Url);
        await using var bus = await ConnectAsync("pooled", url: relay.Url);
        await using var other = await ConnectAsync(connections: 1);
        await using var subscription = await other.OpenSubscriptionAsync<int>("t.*").Guard();
        var since = (await other.GetClientsAsync().Guard()).Single(client => client.Name == "pooled").Since;
        var changes = 0;
        bus.StateChanged += (_, _) => Interlocked.Increment(ref changes);

        for (var n = 0; n < Count; n++)
        {
            // In the order in which they came: the first one is the client.
            if (n == Count / 2) relay.Break(1);
            foreach (var topic in Topics) await bus.PublishAsync(topic, n);
        }

        await BackAsync(bus, losses: 1);
        foreach (var topic in Topics) Assert.Equal(1, (await bus.PublishConfirmedAsync(topic, Count).Guard()).Reached);

        var got = await TakeToAsync(subscription, Count);
        var lost = bus.GetSockets().Single(socket => socket.Losses == 1).Number;
        Assert.NotEqual(0, lost);
        foreach (var topic in Topics.Where(topic => SocketOf(bus, topic) != lost)) Assert.Equal(Enumerable.Range(0, Count + 1), got[topic]);
        foreach (var topic in Topics) AssertRising(got[topic]);
        Assert.Equal(0, changes);
        // It was never away.
        Assert.Equal(since, (await other.GetClientsAsync().Guard()).Single(client => client.Name == "pooled").Since);
    }

    [Fact]
    public void Whichever_are_lost_whenever_each_topic_keeps_its_order()
    {
        var runs = Gen.Zip(Gen.Choose(2, 5), Gen.ListOf(Gen.Zip(Gen.Choose(0, 200), Gen.Choose(0, 5)), 3));
        Prop.ForAll(runs.ToArbitrary(), run => PublishAsync(run.Item1, [.. run.Item2]).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(15));
    }

    [Fact]
    public async Task When_the_first_is_lost_all_are_made_anew()
    {
        await using var relay = new Relay(Url);
        await using var bus = await ConnectAsync("back", echo: false, url: relay.Url);
        await using var other = await ConnectAsync(connections: 1);
        await using var mine = await bus.OpenSubscriptionAsync<int>("t.*").Guard();
        await using var theirs = await other.OpenSubscriptionAsync<int>("t.*").Guard();

        relay.Break(0);
        await BackAsync(bus, losses: 4);

        foreach (var topic in Topics) await bus.PublishAsync(topic, 1);
        Assert.Equal(Topics.Order(), (await theirs.TakeAsync(Topics.Length)).Select(message => message.Topic).Order());
        await bus.FlushAsync().Guard();
        // They are known to be its own sockets again.
        await other.PublishAsync("t.x", 2);
        Assert.Equal([2], await mine.TakeDataAsync(1));
        Assert.Single(await other.GetClientsAsync().Guard(), client => client.Name == "back");
    }

    [Fact]
    public async Task What_was_published_while_the_bus_was_away_comes_behind_its_subscriptions()
    {
        await using var bus = await ConnectAsync();
        await using var subscription = await bus.OpenSubscriptionAsync<int>("t.*").Guard();
        var lost = bus.NextAsync(BusState.Reconnecting);
        await StopAsync();
        await lost;
        foreach (var topic in Topics) await bus.PublishAsync(topic, 1);
        await StartAsync();
        Assert.Equal(Topics.Order(), (await subscription.TakeAsync(Topics.Length)).Select(message => message.Topic).Order());
        Assert.Equal(4, bus.GetSockets().Count(socket => socket.Losses == 1));
    }

    [Fact]
    public async Task Requests_of_the_lost_one_fail_at_once_and_those_of_the_others_are_answered()
    {
        await using var relay = new Relay(Url);
        await using var bus = await ConnectAsync(connections: 2, url: relay.Url);
        await using var other = await ConnectAsync(connections: 1);
        var (got, answer) = (new SemaphoreSlim(0), new TaskCompletionSource());
        string[] topics = [.. Enumerable.Range(0, 2).Select(socket => Topics.First(topic => SocketOf(bus, topic) == socket))];
        foreach (var topic in topics) await other.RespondAsync<int, int>(topic, AnswerAsync).Guard();
        var first = bus.RequestAsync<int, int>(topics[0], 1, Guarding.Limit);
        var second = bus.RequestAsync<int, int>(topics[1], 2, Guarding.Limit);
        for (var i = 0; i < 2; i++) Assert.True(await got.WaitAsync(Guarding.Limit));

        relay.Break(1);
        await Assert.ThrowsAsync<ConnectionLostException>(() => second.Guard());
        answer.SetResult();
        Assert.Equal(1, await first.Guard());

        async ValueTask<int> AnswerAsync(int n, CancellationToken cancellationToken)
        {
            got.Release();
            await answer.Task;
            return n;
        }
    }

    [Fact]
    public async Task One_that_the_bus_does_not_let_in_any_more_leaves_its_topics_to_the_first()
    {
        var isOpen = true;
        await StopAsync();
        await StartAsync(new ConnectionOptions { Authenticate = (_, _) => new(Volatile.Read(ref isOpen) ? ConnectDecision.Allow : ConnectDecision.Refuse("closed")) });
        await using var relay = new Relay(Url);
        await using var bus = await ConnectAsync(connections: 2, url: relay.Url);
        await using var subscription = await bus.OpenSubscriptionAsync<int>("t.*").Guard();
        Volatile.Write(ref isOpen, false);

        relay.Break(1);
        await Eventually.HoldsAsync(() => bus.GetSockets()[1].State == BusState.Closed, () => string.Join(", ", bus.GetSockets()));

        foreach (var topic in Topics) await bus.PublishAsync(topic, 1);
        await bus.FlushAsync().Guard();
        Assert.Equal(Topics, (await subscription.TakeAsync(Topics.Length)).Select(message => message.Topic));
    }

    /// <summary>Publishes rounds to all topics, and breaks connections before some of them.</summary>
    private async Task PublishAsync(int connections, (int Round, int Connection)[] breaks)
    {
        var last = 200;
        await using var relay = new Relay(Url);
        await using var bus = await BusClient.ConnectAsync(relay.Url, new BusClientOptions { Connections = connections }).Guard();
        await using var other = await ConnectAsync(connections: 1);
        await using var subscription = await other.OpenSubscriptionAsync<int>("t.*").Guard();
        for (var n = 0; n < last; n++)
        {
            foreach (var (_, connection) in breaks.Where(one => one.Round == n)) relay.Break(connection);
            foreach (var topic in Topics) await bus.PublishAsync(topic, n).AsTask().Guard();
        }

        while (!await TryEndAsync(bus, last)) last++;
        foreach (var numbers in (await TakeToAsync(subscription, last)).Values) AssertRising(numbers);
    }

    /// <returns>False: a connection broke that did not seem broken yet.</returns>
    private static async Task<bool> TryEndAsync(IBus bus, int last)
    {
        try
        {
            foreach (var topic in Topics) Assert.Equal(1, (await bus.PublishConfirmedAsync(topic, last).Guard()).Reached);
            return true;
        }
        catch (ConnectionLostException)
        {
            return false;
        }
    }

    /// <summary>What comes of each topic, until its last one has.</summary>
    private static async Task<Dictionary<string, List<int>>> TakeToAsync(ISubscription<int> subscription, int last)
    {
        var got = Topics.ToDictionary(topic => topic, _ => new List<int>());
        using var limit = new CancellationTokenSource(Guarding.Limit);
        await foreach (var message in subscription.WithCancellation(limit.Token))
        {
            got[message.Topic].Add(message.Data);
            if (message.Data == last && got.Values.All(numbers => numbers.Count > 0 && numbers[^1] == last)) break;
        }

        return got;
    }

    private static void AssertRising(List<int> numbers) => Assert.All(numbers.Zip(numbers.Skip(1)), pair => Assert.True(pair.First < pair.Second, $"{pair.Second} came behind {pair.First}."));
}
