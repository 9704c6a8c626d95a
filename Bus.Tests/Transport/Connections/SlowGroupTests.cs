using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Hosting;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;

namespace Bus.Tests.Transport.Connections;

/// <summary>A topic whose slow subscriptions lose messages, and a queue group whose members share them: what one has no room for is another's.</summary>
public sealed class SlowGroupTests
{
    private const int Messages = 1_000;

    [Fact]
    public async Task A_member_with_room_gets_what_a_slow_one_has_none_for()
    {
        await using var bus = StreamTopic.Bus(SlowSubscriberAction.Drop);
        await bus.StartAsync();
        using var stuck = await bus.ConnectAsync();
        await stuck.FlushAsync("SUB stream workers 1\r\n");
        using var reader = await bus.ConnectAsync();
        await reader.FlushAsync("SUB stream workers 1\r\n");
        using var publisher = await bus.ConnectAsync();

        var got = new List<int>();
        for (var i = 0; i < Messages; i += 10)
        {
            await publisher.FlushAsync(StreamTopic.Frames(i, 10));
            // Twice: what is handed back comes behind the first answer.
            got.AddRange(StreamTopic.Numbers(await reader.FlushAsync() + await reader.FlushAsync()));
        }

        await stuck.SendAsync("PING\r\n");
        var kept = StreamTopic.Numbers(await stuck.TakeUntilAsync("PONG\r\n"));
        await Eventually.HoldsAsync(
            async () =>
            {
                got.AddRange(StreamTopic.Numbers(await reader.FlushAsync()));
                return got.Count + kept.Count == Messages;
            },
            () => $"{got.Count} and {kept.Count} of {Messages} have arrived.");
        Assert.Equal(Enumerable.Range(0, Messages), got.Concat(kept).Order());
        Assert.InRange(kept.Count, 1, (Messages / 2) - 1);
        stuck.Dispose();
        reader.Dispose();
        publisher.Dispose();
        await bus.NothingLeftAsync();
    }

    [Fact]
    public async Task What_no_member_has_room_for_is_dropped_and_counted_once()
    {
        await using var bus = StreamTopic.Bus(SlowSubscriberAction.Drop);
        await bus.StartAsync();
        var clients = new List<IBus>();
        var subscriptions = new List<ISubscription<byte[]>>();
        for (var i = 0; i < 3; i++)
        {
            clients.Add(await BusClient.ConnectAsync(bus.Endpoint, new BusClientOptions { ReceiveWindow = 64 * 1024 }).Guard());
            // Nobody takes its messages, so that the client reads no more.
            subscriptions.Add(await clients[i].OpenSubscriptionAsync<byte[]>("stream", new SubscriptionOptions { Queue = "workers", Capacity = 1, StallTimeout = TimeSpan.FromHours(1) }).Guard());
        }

        using var publisher = await StreamTopic.FloodAsync(bus, Messages);

        var taken = 0;
        var reading = subscriptions.Select(subscription => Task.Run(async () =>
        {
            await foreach (var _ in subscription) Interlocked.Increment(ref taken);
        })).ToArray();
        await Eventually.HoldsAsync(() => Volatile.Read(ref taken) + subscriptions.Sum(s => s.Dropped) == Messages, () => $"{taken} are taken and {subscriptions.Sum(s => s.Dropped)} dropped of {Messages}.");
        Assert.InRange(subscriptions.Sum(s => s.Dropped), 1, Messages - 1);
        foreach (var client in clients) await client.DisposeAsync();
        await Task.WhenAll(reading).Guard();
        publisher.Dispose();
        await bus.NothingLeftAsync();
    }

    [Fact]
    public async Task In_process_a_member_with_room_gets_what_a_slow_one_has_none_for()
    {
        await using var node = await BusNode.StartAsync(new IpcBusOptions { Topics = [Declaration("a")] });
        var options = new SubscriptionOptions { Queue = "workers", StallTimeout = TimeSpan.FromHours(1) };
        await using var stuck = await node.Bus.OpenSubscriptionAsync<int>("a", options with { Capacity = 3 }).Guard();
        await using var roomy = await node.Bus.OpenSubscriptionAsync<int>("a", options with { Capacity = 1_000 }).Guard();

        for (var n = 0; n < 100; n++) await node.Bus.PublishAsync("a", n);

        var got = await roomy.TakeDataAsync(97);
        Assert.Equal(Enumerable.Range(0, 100), got.Concat(await stuck.TakeDataAsync(3)).Order());
        Assert.Equal((0, 0), (stuck.Dropped, roomy.Dropped));
    }

    [Fact]
    public async Task In_process_what_no_member_has_room_for_is_dropped_counted_once_and_told()
    {
        await using var node = await BusNode.StartAsync(new IpcBusOptions { Topics = [Declaration("a")] });
        var noticed = node.Bus.NoticeAsync(BusNoticeKind.SlowConsumer);
        var options = new SubscriptionOptions { Queue = "workers", Capacity = 5, StallTimeout = TimeSpan.FromHours(1) };
        await using var one = await node.Bus.OpenSubscriptionAsync<int>("a", options).Guard();
        await using var two = await node.Bus.OpenSubscriptionAsync<int>("a", options).Guard();

        for (var n = 0; n < 100; n++) await node.Bus.PublishAsync("a", n);

        await Eventually.HoldsAsync(() => one.Dropped + two.Dropped == 90, () => $"{one.Dropped} and {two.Dropped} are dropped.");
        Assert.Equal("a", (await noticed).Topic);
        Assert.Equal(10, (await one.TakeDataAsync(5)).Concat(await two.TakeDataAsync(5)).Distinct().Count());
    }

    private static TopicDeclaration Declaration(string name) => new() { Name = name, Policy = new TopicPolicy { WhenSlow = SlowSubscriberAction.Drop } };
}
