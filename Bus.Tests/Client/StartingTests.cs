using Bus.Core.Client;
using Bus.Transport.Client;

namespace Bus.Tests.Client;

/// <summary>A client that starts before its bus.</summary>
public abstract class StartingTests<TBus> : IAsyncLifetime
    where TBus : RestartingBus, new()
{
    private readonly TBus _bus = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Fact]
    public async Task What_is_asked_of_it_meanwhile_takes_effect_in_that_order()
    {
        await using var client = _bus.Open();
        Assert.Equal(BusState.Connecting, client.State);
        var first = client.OpenSubscriptionAsync<int>("n");
        await client.PublishAsync("n", 1);
        var second = client.OpenSubscriptionAsync<int>("n");
        await client.PublishAsync("n", 2);
        var responder = client.RespondAsync<int, int>("double", (n, _, _) => new(n * 2));
        var request = client.RequestAsync<int, int>("double", 21, Guarding.Limit);
        var flush = client.FlushAsync();
        var connected = client.NextAsync(BusState.Connected);
        Assert.False(first.IsCompleted || second.IsCompleted || responder.IsCompleted || request.IsCompleted || flush.IsCompleted);

        await _bus.StartAsync();

        Assert.Equal(BusState.Connecting, (await connected).Previous);
        Assert.Equal([1, 2], await (await first.Guard()).TakeDataAsync(2));
        // Each socket has an order of its own: what was published over another one is behind both subscriptions.
        if (_bus.Sockets == 1) Assert.Equal([2], await (await second.Guard()).TakeDataAsync(1));
        Assert.Equal(42, await request.Guard());
        await responder.Guard();
        await flush.Guard();
    }

    [Fact]
    public async Task A_request_waits_for_the_bus_within_its_timeout_or_fails_at_once_if_told_to()
    {
        await using var client = _bus.Open();
        var late = await Assert.ThrowsAsync<NotConnectedException>(() => client.RequestAsync<int, int>("a", 1, TimeSpan.FromMilliseconds(20)).Guard());
        Assert.Contains("it was not sent", late.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotConnectedException>(() => client.RequestMessageAsync<int, int>("a", 1, new RequestOptions { FailFast = true, Timeout = Guarding.Limit * 2 }).Guard());
    }

    [Fact]
    public async Task A_request_that_ended_meanwhile_is_not_sent()
    {
        await using var client = _bus.Open();
        using var cancellation = new CancellationTokenSource();
        var opening = client.OpenSubscriptionAsync<string>("a");
        var cancelled = client.RequestAsync<string, int>("a", "cancelled", Guarding.Limit, cancellation.Token);
        await Assert.ThrowsAsync<NotConnectedException>(() => client.RequestAsync<string, int>("a", "late", TimeSpan.FromMilliseconds(1)).Guard());
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Guard());
        await client.PublishAsync("a", "published");

        await _bus.StartAsync();

        Assert.Equal(["published"], await (await opening.Guard()).TakeDataAsync(1));
    }

    [Fact]
    public async Task Connecting_waits_for_the_bus_if_told_to()
    {
        var connecting = BusClient.ConnectAsync(_bus.Endpoint, new BusClientOptions { WaitForBus = Timeout.InfiniteTimeSpan, ReconnectMinDelay = TimeSpan.FromMilliseconds(1) });
        await Assert.ThrowsAsync<BusConnectException>(() => BusClient.ConnectAsync(_bus.Endpoint).Guard());
        Assert.False(connecting.IsCompleted);
        await _bus.StartAsync();
        await using var client = await connecting.Guard();
        Assert.Equal(BusState.Connected, client.State);
    }

    [Fact]
    public async Task Connecting_does_not_wait_longer_than_told()
    {
        var error = await Assert.ThrowsAsync<BusConnectException>(() => BusClient.ConnectAsync(_bus.Endpoint, new BusClientOptions { WaitForBus = TimeSpan.FromMilliseconds(60), ReconnectMinDelay = TimeSpan.FromMilliseconds(1) }).Guard());
        Assert.Contains("waited for 0.06 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_idle_until_something_is_asked_of_it_if_told_to()
    {
        await _bus.StartAsync();
        await using var client = _bus.Open(new BusClientOptions { ConnectOnUse = true });
        Assert.Equal(BusState.Idle, client.State);
        var connecting = client.NextAsync(BusState.Connecting);
        await client.FlushAsync().Guard();
        Assert.Equal(BusState.Idle, (await connecting).Previous);
        Assert.Equal(BusState.Connected, client.State);
    }

    [Fact]
    public async Task One_that_connects_on_use_is_aborted_without_having_connected()
    {
        await using var client = _bus.Open(new BusClientOptions { ConnectOnUse = true });
        var closed = client.NextAsync(BusState.Closed);
        await client.AbortAsync("not needed").AsTask().Guard();
        Assert.Equal(BusState.Idle, (await closed).Previous);
    }

    [Fact]
    public async Task It_gives_up_after_the_attempts_it_was_given()
    {
        await using var client = _bus.Open(new BusClientOptions { MaxReconnectAttempts = 3, ReconnectMinDelay = TimeSpan.FromMilliseconds(50) });
        var closed = client.NextAsync(BusState.Closed);
        var opening = client.OpenSubscriptionAsync<int>("n");
        Assert.IsType<BusConnectException>((await closed).Reason);
        await Assert.ThrowsAsync<BusClosedException>(() => opening.Guard());
    }

    [Fact]
    public async Task Closing_it_before_there_is_a_bus_ends_all_that_waits()
    {
        var client = _bus.Open();
        var opening = client.OpenSubscriptionAsync<int>("n");
        var request = client.RequestAsync<int, int>("a", 1, Guarding.Limit);
        var flush = client.FlushAsync();
        await client.PublishAsync("n", 1);
        await client.DisposeAsync().AsTask().Guard();
        foreach (var call in new Task[] { opening, request, flush }) await Assert.ThrowsAsync<BusClosedException>(() => call.Guard());
    }
}

public sealed class UnixStartingTests : StartingTests<RestartingUnixBus>;

public sealed class TcpStartingTests : StartingTests<RestartingTcpBus>;
