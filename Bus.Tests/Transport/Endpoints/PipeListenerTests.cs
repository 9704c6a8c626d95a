using System.Net.Sockets;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.Endpoints;

/// <summary>Named pipes, as .NET maps them to sockets where the system is not Windows.</summary>
public sealed class PipeListenerTests : IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly ScratchDirectory _scratch = new();

    private BusEndpoint Endpoint => BusEndpoint.Parse("pipe://shop/orders", _scratch.Path);

    private string PipePath => _scratch.File("shop@orders.pipe");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_client_connects_and_bytes_go_both_ways()
    {
        await using var listener = ListenerFactory.Bind(Endpoint);
        Assert.Equal(Endpoint, listener.Endpoint);
        for (var n = 0; n < 20; n++) await SocketPair.TalksAsync(listener, Endpoint);
    }

    [Fact]
    public async Task A_burst_of_clients_finds_no_busy_pipe()
    {
        await using var listener = ListenerFactory.Bind(Endpoint);
        var clients = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Dialer.ConnectAsync(Endpoint, CancellationToken.None).AsTask())).WaitAsync(Guard);
        for (var n = 0; n < clients.Length; n++) (await listener.AcceptAsync(CancellationToken.None).AsTask().WaitAsync(Guard)).Dispose();
        foreach (var client in clients)
        {
            Assert.Equal(0, await client.ReceiveAsync(new byte[1]).AsTask().WaitAsync(Guard));
            client.Dispose();
        }
    }

    [Fact]
    public async Task Directory_pipe_and_lock_are_the_owners_alone()
    {
        await using var listener = ListenerFactory.Bind(BusEndpoint.Parse("pipe://a", _scratch.File("new")));
        Assert.Equal((UnixFileMode)0x1C0, File.GetUnixFileMode(_scratch.File("new")));
        Assert.Equal((UnixFileMode)0x180, File.GetUnixFileMode(_scratch.File("new/a.pipe")));
        Assert.Equal((UnixFileMode)0x180, File.GetUnixFileMode(_scratch.File("new/a.pipe.lock")));
    }

    [Fact]
    public async Task A_live_server_is_never_evicted()
    {
        await using var first = ListenerFactory.Bind(Endpoint);
        var error = Assert.Throws<BusEndpointException>(() => ListenerFactory.Bind(Endpoint));
        Assert.StartsWith("Cannot listen on pipe://shop/orders: the address is in use", error.Message, StringComparison.Ordinal);
        await SocketPair.TalksAsync(first, Endpoint);
    }

    [Fact]
    public async Task A_live_server_of_another_kind_is_not_evicted_either()
    {
        await using var first = ListenerFactory.Bind(BusEndpoint.Parse($"unix://{PipePath}"));
        File.Delete($"{PipePath}.lock");
        Assert.Contains("a server answers there", Assert.Throws<BusEndpointException>(() => ListenerFactory.Bind(Endpoint)).Message, StringComparison.Ordinal);
        (await first.AcceptAsync(CancellationToken.None)).Dispose(); // the probe
        await SocketPair.TalksAsync(first, first.Endpoint);
    }

    [Fact]
    public async Task A_stale_pipe_is_replaced()
    {
        using (var killed = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            killed.Bind(new UnixDomainSocketEndPoint(_scratch.File("x")));
            File.Move(_scratch.File("x"), PipePath);
        }

        await using var listener = ListenerFactory.Bind(Endpoint);
        await SocketPair.TalksAsync(listener, Endpoint);
    }

    [Fact]
    public async Task A_closed_listener_is_not_connected_to_and_keeps_its_name_until_its_last_connection_is_gone()
    {
        var listener = ListenerFactory.Bind(Endpoint);
        using var client = await Dialer.ConnectAsync(Endpoint, CancellationToken.None);
        var server = await listener.AcceptAsync(CancellationToken.None);
        await listener.DisposeAsync();
        await listener.DisposeAsync();

        Assert.StartsWith("Nobody listens on pipe://shop/orders.", (await DialErrorAsync()).Message, StringComparison.Ordinal);
        Assert.Contains("the address is in use", Assert.Throws<BusEndpointException>(() => ListenerFactory.Bind(Endpoint)).Message, StringComparison.Ordinal);

        server.Dispose();
        await using var next = ListenerFactory.Bind(Endpoint);
        await SocketPair.TalksAsync(next, Endpoint);
    }

    [Fact]
    public async Task What_is_no_pipe_is_left_alone_and_told()
    {
        await File.WriteAllTextAsync(PipePath, "precious");
        Assert.Contains("is a regular file, not a socket", Assert.Throws<BusEndpointException>(() => ListenerFactory.Bind(Endpoint)).Message, StringComparison.Ordinal);
        Assert.Contains("is a regular file, not a socket", (await DialErrorAsync()).Message, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(PipePath));
    }

    [Fact]
    public async Task A_name_too_long_for_its_directory_is_refused_with_the_path()
    {
        var endpoint = BusEndpoint.Parse($"pipe://{new string('x', 64)}", _scratch.File(new string('d', 60)));
        var bound = Assert.Throws<BusEndpointException>(() => ListenerFactory.Bind(endpoint)).Message;
        var dialed = (await Assert.ThrowsAsync<BusEndpointException>(async () => await Dialer.ConnectAsync(endpoint, CancellationToken.None))).Message;
        Assert.All([bound, dialed], message => Assert.Contains($"'{endpoint.Path}' has {endpoint.Path!.Length} bytes, and this system allows {UnixSocketPath.Limit}", message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Closing_or_cancelling_ends_a_waiting_accept()
    {
        var listener = ListenerFactory.Bind(Endpoint);
        using var cancellation = new CancellationTokenSource();
        var cancelled = listener.AcceptAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Guard));

        var closed = listener.AcceptAsync(CancellationToken.None).AsTask();
        await listener.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => closed.WaitAsync(Guard));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await listener.AcceptAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_send_that_waits_ends_when_it_is_read_and_when_the_channel_is_closed()
    {
        await using var listener = ListenerFactory.Bind(Endpoint);
        using var client = await Dialer.ConnectAsync(Endpoint, CancellationToken.None);
        using var server = await listener.AcceptAsync(CancellationToken.None);
        var pieces = new List<ArraySegment<byte>> { new byte[3], new byte[4 * 1024 * 1024], new byte[2] };
        var sent = new TaskCompletionSource<SocketError>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var sender = client.CreateSender(outcome => sent.SetResult(outcome));

        Assert.Null(sender.Send(pieces));
        var (room, received) = (new byte[64 * 1024], 0);
        while (received < pieces.Sum(p => p.Count)) received += await server.ReceiveAsync(room).AsTask().WaitAsync(Guard);
        Assert.Equal(SocketError.Success, await sent.Task.WaitAsync(Guard));

        sent = new TaskCompletionSource<SocketError>(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.Null(sender.Send(pieces));
        client.Dispose();
        Assert.NotEqual(SocketError.Success, await sent.Task.WaitAsync(Guard));
    }

    [Fact]
    public async Task A_receive_that_waits_ends_when_the_channel_is_closed()
    {
        await using var listener = ListenerFactory.Bind(Endpoint);
        using var client = await Dialer.ConnectAsync(Endpoint, CancellationToken.None);
        var waiting = client.ReceiveAsync(new byte[1]).AsTask();
        client.Dispose();
        var end = await Record.ExceptionAsync(() => waiting.WaitAsync(Guard));
        Assert.True(end is null or IOException or SocketException or ObjectDisposedException, $"{end}");
    }

    [Fact]
    public async Task A_refusal_is_read_before_the_end()
    {
        await using var listener = ListenerFactory.Bind(Endpoint);
        using var client = await Dialer.ConnectAsync(Endpoint, CancellationToken.None);
        (await listener.AcceptAsync(CancellationToken.None)).Refuse("no\r\n"u8.ToArray());
        var room = new byte[16];
        Assert.Equal(4, await client.ReceiveAsync(room).AsTask().WaitAsync(Guard));
        Assert.Equal(0, await client.ReceiveAsync(room).AsTask().WaitAsync(Guard));
    }

    private async Task<BusEndpointException> DialErrorAsync() =>
        await Assert.ThrowsAsync<BusEndpointException>(async () => await Dialer.ConnectAsync(Endpoint, CancellationToken.None));
}
