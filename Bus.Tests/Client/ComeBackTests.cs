using Bus.Core.Client;
using Bus.Core.Hosting;
using Bus.Tests.Transport.Connections;

namespace Bus.Tests.Client;

/// <summary>A bus that stops tells its clients whether and when it comes back.</summary>
public abstract class ComeBackTests<TBus> : IAsyncLifetime
    where TBus : RestartingBus, new()
{
    private readonly TBus _bus = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Fact]
    public async Task Clients_connect_again_when_they_were_told_to()
    {
        var time = TimeSpan.FromSeconds(1);
        await _bus.StartAsync(new IpcBusOptions { ComeBack = time });
        await using var client = await _bus.ConnectAsync();
        await using var subscription = await client.OpenSubscriptionAsync<string>("a");
        var (told, back) = (NextNoticeAsync(client), client.NextAsync(BusState.Connected));
        var start = TimeProvider.System.GetTimestamp();

        await _bus.StopAsync();
        await _bus.StartAsync();

        var notice = await told.Guard();
        Assert.Equal((BusNoticeKind.LameDuck, time), (notice.Kind, notice.ComeBack));
        Assert.Contains("back in about 1 s", notice.Text, StringComparison.Ordinal);
        await back;
        // It would have come back at once: its longest wait is 20 ms. Timers may be some milliseconds early.
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), time * 0.9, Guarding.Limit);
        await client.FlushAsync().Guard();
        await client.PublishAsync("a", "here again");
        Assert.Equal(["here again"], await subscription.TakeDataAsync(1));
    }

    [Fact]
    public async Task Clients_close_for_good_when_it_does_not_come_back()
    {
        await _bus.StartAsync(new IpcBusOptions { ComeBack = Timeout.InfiniteTimeSpan });
        await using var client = await _bus.ConnectAsync();
        await using var other = await _bus.ConnectAsync();
        await using var subscription = await client.OpenSubscriptionAsync<string>("a");
        await using var silent = await client.OpenSubscriptionAsync<string>("silent");
        var request = other.RequestAsync<string, string>("silent", "?", TimeSpan.FromHours(1));
        await silent.TakeAsync(1);
        var (told, closed) = (NextNoticeAsync(client), client.NextAsync(BusState.Closed));

        await _bus.StopAsync();

        Assert.Equal(Timeout.InfiniteTimeSpan, (await told.Guard()).ComeBack);
        Assert.Contains("does not come back", Assert.IsType<BusRefusedException>((await closed).Reason).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BusRefusedException>(() => subscription.Completion.Guard());
        await Assert.ThrowsAsync<BusClosedException>(async () => await client.PublishAsync("a", "too late"));
        await Assert.ThrowsAnyAsync<BusException>(() => request.Guard());
    }

    [Fact]
    public async Task Clients_keep_trying_when_it_does_not_say()
    {
        await _bus.StartAsync();
        await using var client = await _bus.ConnectAsync();
        var (told, back) = (NextNoticeAsync(client), client.NextAsync(BusState.Connected));

        await _bus.StopAsync();
        await _bus.StartAsync();

        Assert.Null((await told.Guard()).ComeBack);
        await back;
    }

    [Theory]
    [InlineData(null, "}")]
    [InlineData(1500, ",\"bus\":{\"comes_back\":true,\"comeback_ms\":1500}}")]
    [InlineData(-1, ",\"bus\":{\"comes_back\":false}}")]
    public async Task It_is_told_in_INFO(int? milliseconds, string end)
    {
        await _bus.StartAsync(new IpcBusOptions { ComeBack = milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : null });
        using var client = await RawClient.ConnectAsync(_bus.Endpoint);
        Assert.DoesNotContain("\"bus\"", client.Greeting, StringComparison.Ordinal);

        await _bus.StopAsync();

        var said = await client.ReadToEndAsync();
        Assert.StartsWith("INFO {", said, StringComparison.Ordinal);
        Assert.EndsWith($"\"ldm\":true{end}\r\n", said, StringComparison.Ordinal);
    }

    private static Task<BusNoticeEventArgs> NextNoticeAsync(IBus bus)
    {
        var told = new TaskCompletionSource<BusNoticeEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        bus.Noticed += (_, notice) => told.TrySetResult(notice);
        return told.Task;
    }
}

public sealed class UnixComeBackTests : ComeBackTests<RestartingUnixBus>;

public sealed class TcpComeBackTests : ComeBackTests<RestartingTcpBus>;

public sealed class ComeBackOptionTests
{
    [Fact]
    public async Task It_can_be_decided_late_and_has_to_make_sense()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new IpcBusOptions { ComeBack = TimeSpan.FromDays(2) }.Validate());
        await using var node = await BusNode.StartAsync(new IpcBusOptions { ComeBack = TimeSpan.FromSeconds(1) });
        Assert.Equal(TimeSpan.FromSeconds(1), node.ComeBack);
        node.ComeBack = null;
        Assert.Null(node.ComeBack);
        Assert.Throws<ArgumentOutOfRangeException>(() => node.ComeBack = TimeSpan.FromSeconds(-5));
    }
}
