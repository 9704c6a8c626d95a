using Bus.Core.Client;

namespace Bus.Tests.Client;

public abstract class LifecycleContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    [Fact]
    public async Task It_knows_its_name_and_state_and_answers_a_ping()
    {
        var bus = await Fixture.ConnectAsync("orders");
        Assert.Equal(("orders", BusState.Connected), (bus.Name, bus.State));
        Assert.True(await bus.PingAsync().Guard() > TimeSpan.Zero);
    }

    [Fact]
    public async Task Closing_is_told_and_is_for_good()
    {
        var bus = await Fixture.ConnectAsync();
        var closed = new TaskCompletionSource<BusStateChangedEventArgs>();
        bus.StateChanged += (_, change) => closed.TrySetResult(change);
        await bus.DisposeAsync().AsTask().Guard();
        await bus.DisposeAsync().AsTask().Guard();

        Assert.Equal(BusState.Closed, (await closed.Task.Guard()).Current);
        Assert.Equal(BusState.Closed, bus.State);
        await Assert.ThrowsAsync<BusClosedException>(async () => await bus.PublishAsync("x", "y"));
        await Assert.ThrowsAsync<BusClosedException>(() => bus.OpenSubscriptionAsync<string>("x"));
        await Assert.ThrowsAsync<BusClosedException>(() => bus.FlushAsync());
    }

    [Fact]
    public async Task Calls_that_are_under_way_when_it_closes_end_with_it()
    {
        var bus = await Fixture.ConnectAsync();
        var flush = bus.FlushAsync();
        var open = bus.OpenSubscriptionAsync<string>("x");
        var closing = bus.DisposeAsync();

        foreach (var call in new[] { flush, open })
        {
            var error = await Record.ExceptionAsync(() => call.Guard());
            Assert.True(error is null or BusClosedException, $"It ended with: {error}");
        }

        await closing.AsTask().Guard();
    }

    [Fact]
    public async Task What_was_published_before_closing_arrives()
    {
        var (publisher, subscriber) = (await Fixture.ConnectAsync("p"), await Fixture.ConnectAsync("s"));
        await using var subscription = await subscriber.OpenSubscriptionAsync<int>("n");
        for (var i = 0; i < 500; i++) await publisher.PublishAsync("n", i);
        await publisher.DisposeAsync().AsTask().Guard();
        Assert.Equal(Enumerable.Range(0, 500), await subscription.TakeDataAsync(500));
    }

    [Fact]
    public async Task Closing_ends_its_subscriptions()
    {
        var bus = await Fixture.ConnectAsync();
        var handled = await bus.OpenSubscriptionAsync<int>("n", (_, _) => default);
        var enumerated = await bus.OpenSubscriptionAsync<int>("n");
        var reading = Task.Run(async () =>
        {
            await foreach (var _ in enumerated) Assert.Fail("Nothing was published.");
        });
        await bus.DisposeAsync().AsTask().Guard();
        await handled.Completion.Guard();
        await enumerated.Completion.Guard();
        await reading.Guard();
    }

    [Fact]
    public async Task Closing_waits_for_the_handler_that_runs()
    {
        var bus = await Fixture.ConnectAsync();
        var (started, ended) = (new TaskCompletionSource(), false);
        await bus.OpenSubscriptionAsync<int>("n", async (_, token) =>
        {
            started.SetResult();
            var cancelled = new TaskCompletionSource();
            token.Register(cancelled.SetResult);
            await cancelled.Task;
            ended = true;
        });
        await bus.PublishAsync("n", 1);
        await started.Task.Guard();
        await bus.DisposeAsync().AsTask().Guard();
        Assert.True(ended);
    }

    [Fact]
    public async Task Draining_lets_every_handler_finish_what_has_arrived()
    {
        var (bus, publisher) = (await Fixture.ConnectAsync("d"), await Fixture.ConnectAsync("p"));
        var seen = 0;
        await bus.OpenSubscriptionAsync<int>("n", async (_, _) =>
        {
            await Task.Yield();
            seen++;
        });
        for (var i = 0; i < 200; i++) await publisher.PublishAsync("n", i);
        await publisher.FlushAsync().Guard();
        await bus.FlushAsync().Guard();
        await bus.DrainAsync().Guard();
        Assert.Equal(200, seen);
        Assert.Equal(BusState.Closed, bus.State);
    }

    [Fact]
    public async Task Closing_while_all_is_busy_neither_hangs_nor_leaks()
    {
        var (bus, other) = (await Fixture.ConnectAsync("busy"), await Fixture.ConnectAsync("other"));
        await other.RespondAsync<int, int>("inc", (n, _, _) => new(n + 1));
        await other.OpenSubscriptionAsync<byte[]>("flood.>", (_, _) => default, new SubscriptionOptions { Capacity = 2 });
        await bus.OpenSubscriptionAsync<byte[]>("flood.1", async (_, token) => await Task.Yield(), new SubscriptionOptions { Capacity = 2 });
        var started = new TaskCompletionSource();
        var busy = Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            var payload = new byte[1000];
            try
            {
                for (var n = 0; ; n++)
                {
                    await bus.PublishAsync($"flood.{worker}", payload);
                    if (n % 50 == 0) await bus.RequestAsync<int, int>("inc", n);
                    if (n == 200) started.TrySetResult();
                }
            }
            catch (BusClosedException)
            {
                // As it should be.
            }
        })).ToArray();
        await started.Task.Guard();
        await bus.DisposeAsync().AsTask().Guard();
        await Task.WhenAll(busy).Guard();
    }
}
