using System.Collections.Concurrent;
using Bus.Core.Client;

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
}

public sealed class UnixGracefulRestartTests : GracefulRestartTests<RestartingUnixBus>;

public sealed class TcpGracefulRestartTests : GracefulRestartTests<RestartingTcpBus>;
