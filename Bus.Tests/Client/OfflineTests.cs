using Bus.Core.Client;
using Bus.Transport.Client;

namespace Bus.Tests.Client;

/// <summary>What is published without a connection, and there is not room for all of it.</summary>
public sealed class OfflineTests : IAsyncLifetime
{
    private readonly RestartingUnixBus _bus = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Fact]
    public async Task Publishing_fails_beyond_the_count_and_all_that_was_taken_arrives()
    {
        await using var client = Open(new OfflineOptions { MaxMessages = 10 });
        var opening = client.OpenSubscriptionAsync<int>("n");
        for (var i = 0; i < 10; i++) await client.PublishAsync("n", i);
        var error = await Assert.ThrowsAsync<NotConnectedException>(async () => await client.PublishAsync("n", 10));
        Assert.Contains("at most 10 messages", error.Message, StringComparison.Ordinal);

        await _bus.StartAsync();
        await using var subscription = await opening.Guard();
        await client.PublishAsync("n", 11);
        Assert.Equal([.. Enumerable.Range(0, 10), 11], await subscription.TakeDataAsync(11));
        Assert.Equal(0, client.DroppedMessages);
    }

    [Theory]
    [InlineData(OfflineOverflow.DropOldest, new[] { 7, 8, 9 })]
    [InlineData(OfflineOverflow.DropNewest, new[] { 0, 1, 2 })]
    public async Task Dropping_keeps_what_the_rule_says_and_tells_of_each(OfflineOverflow rule, int[] kept)
    {
        await using var client = Open(new OfflineOptions { MaxMessages = 3, Overflow = rule });
        var (dropped, told) = (0, new TaskCompletionSource());
        client.Noticed += (_, notice) =>
        {
            Assert.Equal((BusNoticeKind.MessageDropped, "n"), (notice.Kind, notice.Topic));
            if (++dropped == 7) told.SetResult();
        };
        var opening = client.OpenSubscriptionAsync<int>("n");
        for (var i = 0; i < 10; i++) await client.PublishAsync("n", i);
        await told.Task.Guard();

        await _bus.StartAsync();
        await using var subscription = await opening.Guard();
        await client.PublishAsync("n", 99);
        Assert.Equal([.. kept, 99], await subscription.TakeDataAsync(4));
        Assert.Equal(7, client.DroppedMessages);
    }

    [Fact]
    public async Task A_stream_that_drops_is_bounded_by_bytes_too()
    {
        await using var client = Open(new OfflineOptions { MaxBytes = 10_000, Overflow = OfflineOverflow.DropOldest });
        var opening = client.OpenSubscriptionAsync<byte[]>("n");
        for (var i = 0; i < 3_000; i++) await client.PublishAsync("n", new byte[1000]);

        await _bus.StartAsync();
        await using var subscription = await opening.Guard();
        await client.PublishAsync("n", Array.Empty<byte>());
        await client.FlushAsync().Guard();
        var arrived = 0;
        await foreach (var message in subscription)
        {
            if (message.Payload.IsEmpty) break;
            arrived++;
        }

        Assert.Equal(3_000, arrived + client.DroppedMessages);
        Assert.InRange(arrived, 1, 10);
    }

    [Fact]
    public async Task What_has_waited_for_too_long_is_dropped_before_it_is_sent()
    {
        await using var client = Open(new OfflineOptions { MaxAge = TimeSpan.FromTicks(1) });
        var told = new TaskCompletionSource();
        client.Noticed += (_, notice) =>
        {
            if (notice.Kind == BusNoticeKind.MessageDropped) told.TrySetResult();
        };
        var opening = client.OpenSubscriptionAsync<int>("n");
        await client.PublishAsync("n", 1);

        await _bus.StartAsync();
        await using var subscription = await opening.Guard();
        await told.Task.Guard();
        await client.PublishAsync("n", 2);
        Assert.Equal([2], await subscription.TakeDataAsync(1));
        Assert.Equal(1, client.DroppedMessages);
    }

    [Fact]
    public async Task Without_reconnecting_a_lost_connection_closes_the_bus()
    {
        await _bus.StartAsync();
        await using var client = await _bus.ConnectAsync(new BusClientOptions { Reconnect = false });
        var closed = client.NextAsync(BusState.Closed);
        await _bus.StopAsync();
        var change = await closed;
        Assert.Equal(BusState.Connected, change.Previous);
        Assert.IsType<ConnectionLostException>(change.Reason);
    }

    private IBus Open(OfflineOptions offline) => _bus.Open(new BusClientOptions { Offline = offline, ReconnectMinDelay = TimeSpan.FromMilliseconds(5), ReconnectMaxDelay = TimeSpan.FromMilliseconds(20) });
}
