using System.Collections.Concurrent;
using Bus.Core.Client;
using Bus.Transport.Client;

namespace Bus.Tests.Client;

/// <summary>Requests that are safe to send again, while the bus or a responder goes away.</summary>
public abstract class RetryTests<TBus> : IAsyncLifetime
    where TBus : RestartingBus, new()
{
    private static readonly RequestOptions Safe = new() { SafeToRetry = true, Timeout = Guarding.Limit };

    private readonly TBus _bus = new();

    public Task InitializeAsync() => _bus.StartAsync();

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Fact]
    public async Task It_is_sent_again_after_the_reconnect_and_handled_once()
    {
        await using var requester = await _bus.ConnectAsync();
        await using var responder = await _bus.ConnectAsync();
        var (handled, got, release) = (new ConcurrentQueue<int>(), new TaskCompletionSource(), new TaskCompletionSource());
        await responder.RespondAsync<int, int>("double", async (n, _, _) =>
        {
            handled.Enqueue(n);
            got.TrySetResult();
            await release.Task;
            return n * 2;
        });
        var late = new TaskCompletionSource();
        requester.Noticed += (_, notice) =>
        {
            if (notice.Kind == BusNoticeKind.LateReply) late.TrySetResult();
        };

        var safe = requester.RequestMessageAsync<int, int>("double", 21, Safe);
        await got.Task.Guard();
        var unsafely = requester.RequestAsync<int, int>("double", 1, Guarding.Limit);
        await requester.FlushAsync().Guard();
        // Both: an answer that is given to the old connection, whose end has not been seen yet, is lost with it.
        var back = Task.WhenAll(requester.NextAsync(BusState.Connected), responder.NextAsync(BusState.Connected));
        await _bus.StopAsync();
        await Assert.ThrowsAnyAsync<BusException>(() => unsafely.Guard());
        await _bus.StartAsync();
        await back;
        // Nor can it be given to an inbox that the bus has not heard of yet: connected is who may speak.
        await requester.FlushAsync().Guard();
        await responder.FlushAsync().Guard();
        release.SetResult();

        Assert.Equal(42, (await safe.Guard()).Data);
        // The second one has been answered too, with what was remembered.
        await late.Task.Guard();
        Assert.Single(handled, 21);
    }

    [Fact]
    public async Task A_delivery_waits_for_its_receiver_to_come_back_and_is_handled_once()
    {
        await using var sender = await _bus.ConnectAsync();
        // Back long after the sender, who meets nobody of this name meanwhile.
        await using var receiver = await _bus.ConnectAsync(new BusClientOptions { Name = "worker", ReconnectMinDelay = TimeSpan.FromMilliseconds(500), ReconnectMaxDelay = TimeSpan.FromMilliseconds(500) });
        var (handled, got, release) = (new ConcurrentQueue<int>(), new TaskCompletionSource(), new TaskCompletionSource());
        await using var inbox = await receiver.OpenInboxAsync<int, int>(async (message, _) =>
        {
            handled.Enqueue(message.Data);
            got.TrySetResult();
            await release.Task;
            return message.Data * 2;
        });

        var safe = sender.DeliverAsync<int, int>("worker", 21, new DeliverOptions { SafeToRetry = true, Timeout = Guarding.Limit });
        await got.Task.Guard();
        var unsafely = sender.DeliverAsync("worker", 1, new DeliverOptions { Timeout = Guarding.Limit });
        await sender.FlushAsync().Guard();
        var back = sender.NextAsync(BusState.Connected);
        await _bus.StopAsync();
        await Assert.ThrowsAsync<ConnectionLostException>(() => unsafely.Guard());
        await _bus.StartAsync();
        await back;
        release.SetResult();

        Assert.Equal(42, await safe.Guard());
        Assert.Single(handled, 21);
    }

    [Fact]
    public async Task What_is_asked_while_the_bus_is_away_waits_for_those_who_come_back_with_it()
    {
        await using var sender = await _bus.ConnectAsync();
        var (lost, back) = (sender.NextAsync(BusState.Reconnecting), sender.NextAsync(BusState.Connected));
        await _bus.StopAsync();
        await lost;
        var delivery = sender.DeliverAsync<int, int>("worker", 21, new DeliverOptions { SafeToRetry = true, Timeout = Guarding.Limit });
        var request = sender.RequestMessageAsync<int, int>("double", 21, Safe);
        var unsafely = sender.RequestAsync<int, int>("double", 21, Guarding.Limit);
        await _bus.StartAsync();
        await back;
        await Assert.ThrowsAsync<NoRespondersException>(() => unsafely.Guard());

        await using var receiver = await _bus.ConnectAsync(new BusClientOptions { Name = "worker" });
        await receiver.OpenInboxAsync<int, int>((message, _) => new(2 * message.Data)).Guard();
        await receiver.RespondAsync<int, int>("double", (n, _) => new(2 * n)).Guard();

        Assert.Equal((42, 42), (await delivery.Guard(), (await request.Guard()).Data));
    }

    [Fact]
    public async Task It_ends_with_its_timeout_when_nobody_comes_back()
    {
        await using var requester = await _bus.ConnectAsync();
        var lost = requester.NextAsync(BusState.Reconnecting);
        await using var silent = await requester.OpenSubscriptionAsync<int>("silent");
        var request = requester.RequestMessageAsync<int, int>("silent", 1, Safe with { Timeout = TimeSpan.FromSeconds(1) });
        await silent.TakeAsync(1);
        await _bus.StopAsync();
        await lost;
        await Assert.ThrowsAsync<ConnectionLostException>(() => request.Guard());
    }

    [Fact]
    public async Task A_topic_where_nobody_responds_is_not_tried_again()
    {
        await using var requester = await _bus.ConnectAsync();
        await Assert.ThrowsAsync<NoRespondersException>(() => requester.RequestMessageAsync<int, int>("nobody", 1, Safe).Guard());
    }
}

public sealed class UnixRetryTests : RetryTests<RestartingUnixBus>;

public sealed class TcpRetryTests : RetryTests<RestartingTcpBus>;
