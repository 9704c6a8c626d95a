using System.Net.Sockets;
using Bus.Transport.Channels;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.Endpoints;

public sealed class UnixSocketListenerTests : IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly ScratchDirectory _scratch = new();

    private string SocketPath => _scratch.File("s.sock");

    private BusEndpoint Endpoint => BusEndpoint.Parse($"unix://{SocketPath}");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_client_connects_and_bytes_go_both_ways()
    {
        await using var listener = ListenerFactory.Bind(Endpoint);
        Assert.Equal(Endpoint, listener.Endpoint);
        await SocketPair.TalksAsync(listener, Endpoint);
    }

    [Fact]
    public async Task Directory_socket_and_lock_are_the_owners_alone()
    {
        var path = _scratch.File("a/b/s.sock");
        await using var listener = ListenerFactory.Bind(BusEndpoint.Parse($"unix://{path}"));
        Assert.Equal((UnixFileMode)0x1C0, File.GetUnixFileMode(_scratch.File("a/b")));
        Assert.Equal((UnixFileMode)0x180, File.GetUnixFileMode(path));
        Assert.Equal((UnixFileMode)0x180, File.GetUnixFileMode(path + ".lock"));
    }

    [Fact]
    public async Task The_file_is_gone_after_shutdown_and_nothing_but_the_lock_is_left()
    {
        var listener = ListenerFactory.Bind(Endpoint);
        Assert.Equal(["s.sock", "s.sock.lock"], Names());
        await listener.DisposeAsync();
        await listener.DisposeAsync();
        Assert.Equal(["s.sock.lock"], Names());

        await using var again = ListenerFactory.Bind(Endpoint);
        await SocketPair.TalksAsync(again, Endpoint);
    }

    [Fact]
    public async Task A_live_server_is_never_evicted()
    {
        await using var first = ListenerFactory.Bind(Endpoint);
        var error = Assert.Throws<BusEndpointException>(() => ListenerFactory.Bind(Endpoint));
        Assert.Contains("the address is in use", error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{SocketPath}.lock'", error.Message, StringComparison.Ordinal);
        Assert.Equal(Endpoint, error.Endpoint);
        await SocketPair.TalksAsync(first, Endpoint);
    }

    [Fact]
    public async Task A_live_server_that_takes_no_lock_is_never_evicted()
    {
        using var other = Listen(SocketPath);
        Assert.Contains("the address is in use, a server answers there", Assert.Throws<BusEndpointException>(() => ListenerFactory.Bind(Endpoint)).Message, StringComparison.Ordinal);
        using var client = await Dialer.ConnectAsync(Endpoint, CancellationToken.None);
        Assert.True(Assert.IsType<SocketChannel>(client).Socket.Connected);
    }

    [Fact]
    public void A_live_server_with_a_full_queue_is_never_evicted()
    {
        using var other = Listen(SocketPath, backlog: 0);
        var waiting = new List<Socket>();
        while (Fill() is { } client) waiting.Add(client);
        Assert.Contains("the address is in use", Assert.Throws<BusEndpointException>(() => ListenerFactory.Bind(Endpoint)).Message, StringComparison.Ordinal);
        foreach (var client in waiting) client.Dispose();

        Socket? Fill()
        {
            var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
            try
            {
                client.Connect(new UnixDomainSocketEndPoint(SocketPath));
                return client;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                client.Dispose();
                return null;
            }
        }
    }

    [Fact]
    public async Task A_stale_file_is_replaced()
    {
        LeaveStale(SocketPath);
        await using var listener = ListenerFactory.Bind(Endpoint);
        await SocketPair.TalksAsync(listener, Endpoint);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_many_starters_one_wins(bool stale)
    {
        if (stale) LeaveStale(SocketPath);
        using var start = new Barrier(8);
        var starters = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(TryBind, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        var winner = Assert.Single((await Task.WhenAll(starters).WaitAsync(Guard)).OfType<IBusListener>());
        await SocketPair.TalksAsync(winner, Endpoint);
        await winner.DisposeAsync();
        Assert.Equal(["s.sock.lock"], Names());

        IBusListener? TryBind()
        {
            start.SignalAndWait();
            try
            {
                return ListenerFactory.Bind(Endpoint);
            }
            catch (BusEndpointException)
            {
                return null;
            }
        }
    }

    [Fact]
    public void What_is_no_socket_is_left_alone()
    {
        File.WriteAllText(SocketPath, "precious");
        Assert.Contains("is a regular file, not a socket", Assert.Throws<BusEndpointException>(() => ListenerFactory.Bind(Endpoint)).Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(SocketPath));
        Assert.False(File.Exists($"{SocketPath}.lock"), "A lock file was left beside a file that is not ours.");

        File.Delete(SocketPath);
        File.CreateSymbolicLink(SocketPath, "elsewhere");
        Assert.Contains("is a symbolic link, not a socket", Assert.Throws<BusEndpointException>(() => ListenerFactory.Bind(Endpoint)).Message, StringComparison.Ordinal);

        File.Delete(SocketPath);
        Directory.CreateDirectory(SocketPath);
        Assert.Contains("is a directory, not a socket", Assert.Throws<BusEndpointException>(() => ListenerFactory.Bind(Endpoint)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_that_is_a_link_is_not_followed()
    {
        File.CreateSymbolicLink(SocketPath + ".lock", _scratch.File("target"));
        Assert.Contains("symbolic link", Assert.Throws<BusEndpointException>(() => ListenerFactory.Bind(Endpoint)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_scratch.File("target")));
    }

    [Fact]
    public async Task A_foreign_file_is_not_unlinked_at_shutdown()
    {
        var listener = ListenerFactory.Bind(Endpoint);
        File.Delete(SocketPath);
        using var other = Listen(SocketPath);
        await listener.DisposeAsync();
        Assert.True(File.Exists(SocketPath));
        using var client = await Dialer.ConnectAsync(Endpoint, CancellationToken.None);
        Assert.True(Assert.IsType<SocketChannel>(client).Socket.Connected);
    }

    [Fact]
    public async Task Shutdown_goes_through_when_the_directory_is_gone()
    {
        var listener = ListenerFactory.Bind(BusEndpoint.Parse($"unix://{_scratch.File("d/s.sock")}"));
        Directory.Delete(_scratch.File("d"), recursive: true);
        await listener.DisposeAsync();
        Assert.Empty(Names());
    }

    [Theory]
    [InlineData(0x1ED, "has mode 0755")]
    [InlineData(0x1C1, "has mode 0701")]
    public void A_default_directory_that_others_may_enter_is_refused(int mode, string reason)
    {
        File.SetUnixFileMode(_scratch.Path, (UnixFileMode)mode);
        var error = Assert.Throws<BusEndpointException>(() => UnixSocketListener.Bind(Endpoint, requirePrivateDirectory: true));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains($"chmod 700 {_scratch.Path}", error.Message, StringComparison.Ordinal);
        Assert.Empty(Names());
    }

    [Fact]
    public void A_default_directory_that_is_a_link_is_refused()
    {
        Directory.CreateDirectory(_scratch.File("real"), (UnixFileMode)0x1C0);
        Directory.CreateSymbolicLink(_scratch.File("link"), _scratch.File("real"));
        var endpoint = BusEndpoint.Parse($"unix://{_scratch.File("link/s.sock")}");
        Assert.Contains("symbolic link", Assert.Throws<BusEndpointException>(() => UnixSocketListener.Bind(endpoint, requirePrivateDirectory: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_default_directory_is_created_private()
    {
        var endpoint = BusEndpoint.Parse($"unix://{_scratch.File("new/s.sock")}");
        await using var listener = UnixSocketListener.Bind(endpoint, requirePrivateDirectory: true);
        Assert.Null(PrivateDirectory.Problem(_scratch.File("new")));
    }

    [Fact]
    public async Task The_longest_path_works_and_a_longer_one_is_refused_with_its_length()
    {
        var room = UnixSocketPath.Limit - _scratch.Path.Length - 1;
        var longest = BusEndpoint.Parse($"unix://{_scratch.File(new string('x', room))}");
        await using (var listener = ListenerFactory.Bind(longest)) await SocketPair.TalksAsync(listener, longest);

        var tooLong = BusEndpoint.Parse($"unix://{_scratch.File(new string('x', room - 1) + "é")}");
        var bound = Assert.Throws<BusEndpointException>(() => ListenerFactory.Bind(tooLong)).Message;
        var dialed = (await Assert.ThrowsAsync<BusEndpointException>(async () => await Dialer.ConnectAsync(tooLong, CancellationToken.None))).Message;
        Assert.All([bound, dialed], message => Assert.Contains($"has {UnixSocketPath.Limit + 1} bytes, and this system allows {UnixSocketPath.Limit}", message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_short_name_at_the_end_of_a_long_directory_works()
    {
        var directory = _scratch.File(new string('d', UnixSocketPath.Limit - _scratch.Path.Length - 3));
        var endpoint = BusEndpoint.Parse($"unix://{directory}/s");
        Assert.Equal(UnixSocketPath.Limit, endpoint.Path!.Length);
        await using var listener = ListenerFactory.Bind(endpoint);
        await SocketPair.TalksAsync(listener, endpoint);
    }

    [Fact]
    public void A_path_that_leads_through_a_file_is_refused()
    {
        File.WriteAllText(_scratch.File("file"), "");
        Assert.Throws<BusEndpointException>(() => ListenerFactory.Bind(BusEndpoint.Parse($"unix://{_scratch.File("file/s.sock")}")));
    }

    [Fact]
    public async Task Closing_ends_a_waiting_accept()
    {
        var listener = ListenerFactory.Bind(Endpoint);
        var accepting = listener.AcceptAsync(CancellationToken.None).AsTask();
        await listener.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => accepting.WaitAsync(Guard));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await listener.AcceptAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Cancelling_ends_a_waiting_accept()
    {
        await using var listener = ListenerFactory.Bind(Endpoint);
        using var cancellation = new CancellationTokenSource();
        var accepting = listener.AcceptAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting.WaitAsync(Guard));
    }

    private static Socket Listen(string path, int backlog = 10)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen(backlog);
        return socket;
    }

    /// <summary>What a killed server leaves: a socket file without a listener.</summary>
    private static void LeaveStale(string path)
    {
        using (Listen(path + "1")) File.Move(path + "1", path);
        Assert.Equal(SocketError.ConnectionRefused, UnixSocketPath.Probe(path));
    }

    private string[] Names() => Directory.GetFileSystemEntries(_scratch.Path).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal).ToArray();
}
