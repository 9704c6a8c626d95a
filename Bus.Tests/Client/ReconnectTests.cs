using Bus.Core.Client;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;
using Bus.Transport.Hosting;

namespace Bus.Tests.Client;

/// <summary>What a client does when its bus goes away and comes back.</summary>
public sealed class ReconnectTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ipcbus-test-").FullName;
    private BusListener _listener = null!;

    private BusEndpoint Endpoint => BusEndpoint.Parse($"unix://{_directory}/bus.sock");

    public async Task InitializeAsync() => _listener = await BusListener.StartAsync([Endpoint]);

    public async Task DisposeAsync()
    {
        await _listener.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task It_reconnects_subscribes_again_and_sends_what_was_published_meanwhile()
    {
        await using var client = await ConnectAsync();
        await using var subscription = await client.OpenSubscriptionAsync<int>("n.*");
        await client.RespondAsync<int, int>("double", (n, _, _) => new(n * 2));
        var (lost, back) = (StateAsync(client, BusState.Reconnecting), StateAsync(client, BusState.Connected));

        await _listener.DisposeAsync();
        Assert.NotNull((await lost.Guard()).Reason);
        for (var i = 0; i < 100; i++) await client.PublishAsync("n.x", i);
        var opening = client.OpenSubscriptionAsync<int>("n.x");

        await InitializeAsync();
        await back.Guard();
        Assert.Equal(Enumerable.Range(0, 100), await subscription.TakeDataAsync(100));
        await using var opened = await opening.Guard();
        Assert.Equal(4, await client.RequestAsync<int, int>("double", 2).Guard());
    }

    [Fact]
    public async Task Requests_under_way_fail_at_once_and_so_do_new_ones_that_are_told_to()
    {
        await using var client = await ConnectAsync();
        var got = new TaskCompletionSource();
        await client.OpenSubscriptionAsync<string>("silent", (_, _) =>
        {
            got.TrySetResult();
            return default;
        });
        var request = client.RequestAsync<string, string>("silent", "?", TimeSpan.FromHours(1));
        await got.Task.Guard();
        var lost = StateAsync(client, BusState.Reconnecting);
        await _listener.DisposeAsync();

        var error = await Assert.ThrowsAsync<ConnectionLostException>(() => request.Guard());
        Assert.Equal("silent", error.Topic);
        await lost.Guard();
        await Assert.ThrowsAsync<NotConnectedException>(() => client.RequestMessageAsync<string, string>("silent", "?", new RequestOptions { FailFast = true }).Guard());
        await Assert.ThrowsAsync<NotConnectedException>(() => client.FlushAsync().Guard());
    }

    [Fact]
    public async Task The_queue_for_the_time_without_a_connection_is_bounded()
    {
        await using var client = await ConnectAsync(new BusClientOptions { Offline = new OfflineOptions { MaxBytes = 10_000 } });
        var lost = StateAsync(client, BusState.Reconnecting);
        await _listener.DisposeAsync();
        await lost.Guard();

        var error = await Assert.ThrowsAsync<NotConnectedException>(async () =>
        {
            for (var i = 0; i < 1_000; i++) await client.PublishAsync("n", new byte[1000]);
        });
        Assert.Contains("10,000 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closing_while_disconnected_neither_hangs_nor_waits_for_a_connection()
    {
        var client = await ConnectAsync();
        var subscription = await client.OpenSubscriptionAsync<int>("n");
        var lost = StateAsync(client, BusState.Reconnecting);
        await _listener.DisposeAsync();
        await lost.Guard();
        var opening = client.OpenSubscriptionAsync<int>("m");
        await client.PublishAsync("n", 1);
        await client.DisposeAsync().AsTask().Guard();
        await subscription.Completion.Guard();
        await Assert.ThrowsAsync<BusClosedException>(() => opening.Guard());
    }

    [Fact]
    public async Task It_gives_up_after_the_attempts_it_was_given()
    {
        await using var client = await ConnectAsync(new BusClientOptions { MaxReconnectAttempts = 2, ReconnectMinDelay = TimeSpan.FromMilliseconds(1) });
        var subscription = await client.OpenSubscriptionAsync<int>("n");
        var closed = StateAsync(client, BusState.Closed);
        await _listener.DisposeAsync();

        Assert.IsType<BusConnectException>((await closed.Guard()).Reason);
        await Assert.ThrowsAsync<BusConnectException>(() => subscription.Completion.Guard());
        await Assert.ThrowsAsync<BusClosedException>(async () => await client.PublishAsync("n", 1));
    }

    private static async Task<BusStateChangedEventArgs> StateAsync(IBus bus, BusState state)
    {
        var reached = new TaskCompletionSource<BusStateChangedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        bus.StateChanged += (_, change) =>
        {
            if (change.Current == state) reached.TrySetResult(change);
        };
        return await reached.Task;
    }

    private Task<IBus> ConnectAsync(BusClientOptions? options = null) => BusClient.ConnectAsync(Endpoint, options).Guard();
}
