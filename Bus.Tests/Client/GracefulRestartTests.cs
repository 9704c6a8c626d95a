using System.Collections.Concurrent;
using Bus.Core.Client;
using Bus.Transport.Client;
using Bus.Transport.Connections;

namespace Bus.Tests.Client;

/// <summary>A bus that is stopped in good order and started again in the middle of a stream.</summary>
public abstract class GracefulRestartTests<TBus> : IAsyncLifetime
    where TBus : RestartingBus, new()
{
    private readonly TBus _bus = new();

    public Task InitializeAsync() => _bus.StartAsync();

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Fact]
    public async Task What_was_confirmed_arrives()
    {
        const int Rounds = 3;
        await using var subscriber = await _bus.ConnectAsync();
        await using var publisher = await _bus.ConnectAsync();
        var (arrived, ended) = (new ConcurrentDictionary<int, bool>(), new TaskCompletionSource());
        await using var subscription = await subscriber.OpenSubscriptionAsync<int>("n", (message, _) =>
        {
            arrived.TryAdd(message.Data, true);
            if (message.Data < 0) ended.TrySetResult();
            return default;
        });
        var (confirmed, told, number) = (new ConcurrentQueue<int>(), 0, 0);
        subscriber.Noticed += (_, notice) =>
        {
            if (notice.Kind == BusNoticeKind.LameDuck) Interlocked.Increment(ref told);
        };
        using var done = new CancellationTokenSource();
        var enough = new SemaphoreSlim(0);
        var publishing = Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                var n = Interlocked.Increment(ref number);
                try
                {
                    // While the subscriber is away it reaches nobody, and is confirmed as that.
                    if ((await publisher.PublishConfirmedAsync("n", n)).Reached == 0) continue;
                    confirmed.Enqueue(n);
                    enough.Release();
                }
                catch (ConnectionLostException)
                {
                    // Nothing was confirmed.
                }
            }
        })).ToArray();

        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < 500; i++) Assert.True(await enough.WaitAsync(Guarding.Limit));
            var back = subscriber.NextAsync(BusState.Connected);
            await _bus.StopAsync();
            await _bus.StartAsync();
            await back;
            await subscriber.FlushAsync().Guard();
        }

        await done.CancelAsync();
        await Task.WhenAll(publishing).Guard();
        await publisher.PublishAsync("n", -1);
        await ended.Task.Guard();
        Assert.DoesNotContain(confirmed, n => !arrived.ContainsKey(n));
        Assert.Equal(Rounds, told);
    }

    [Fact]
    public async Task What_waits_for_a_slow_subscriber_when_the_bus_stops_arrives_too()
    {
        // More than the kernel takes, what the bus keeps for the subscriber's connection and what the subscriber itself reads ahead, together.
        const int Messages = 64;
        var payload = new byte[16 * 1024];
        await using var bus = new TBus();
        await bus.StartAsync(connections: new ConnectionOptions { MaxPayload = 64 * 1024, MaxPending = 256 * 1024, StallBudget = TimeSpan.FromMinutes(5), StallWindow = TimeSpan.FromMinutes(5), CloseGrace = Guarding.Limit });
        await using var subscriber = await bus.ConnectAsync(new BusClientOptions { ReceiveWindow = 64 * 1024, Reconnect = false });
        await using var publisher = await bus.ConnectAsync(new BusClientOptions { Reconnect = false });
        var (stopping, arrived, all) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0, new TaskCompletionSource());
        // The bus has closed the publisher's connection, and closes the subscriber's.
        publisher.StateChanged += (_, change) =>
        {
            if (change.Current == BusState.Closed) stopping.TrySetResult();
        };
        await using var subscription = await subscriber.OpenSubscriptionAsync<byte[]>(
            "big",
            async (_, token) =>
            {
                if (arrived == 0) await stopping.Task.WaitAsync(token);
                if (++arrived == Messages) all.SetResult();
            },
            new SubscriptionOptions { Capacity = 1, StallTimeout = Guarding.Limit }).Guard();

        var receipts = await Task.WhenAll(Enumerable.Range(0, Messages).Select(_ => publisher.PublishConfirmedAsync("big", payload, timeout: Guarding.Limit))).Guard();
        Assert.All(receipts, receipt => Assert.Equal(1, receipt.Reached));
        await bus.StopAsync();

        await all.Task.Guard();
    }
}

public sealed class UnixGracefulRestartTests : GracefulRestartTests<RestartingUnixBus>;

public sealed class TcpGracefulRestartTests : GracefulRestartTests<RestartingTcpBus>;
