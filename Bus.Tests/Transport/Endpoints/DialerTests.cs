using System.Net.Sockets;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.Endpoints;

public sealed class DialerTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_missing_socket_is_told_with_what_to_do()
    {
        var url = $"unix://{_scratch.File("none.sock")}";
        Assert.Equal($"Nobody listens on {url}. Start a bus there with 'ipcbus serve --listen {url}', or give the URL of one that runs.", await ErrorOf(url));
        Assert.StartsWith("Nobody listens on", await ErrorOf($"unix://{_scratch.File("no/directory.sock")}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stale_socket_is_told_the_same_way()
    {
        using (var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            server.Bind(new UnixDomainSocketEndPoint(_scratch.File("a")));
            File.Move(_scratch.File("a"), _scratch.File("stale"));
        }

        Assert.StartsWith("Nobody listens on", await ErrorOf($"unix://{_scratch.File("stale")}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_is_no_socket_is_told_as_what_it_is()
    {
        await File.WriteAllTextAsync(_scratch.File("text"), "");
        Assert.Contains("is a regular file, not a socket", await ErrorOf($"unix://{_scratch.File("text")}"), StringComparison.Ordinal);
        Assert.Contains("is a directory, not a socket", await ErrorOf($"unix://{Path.GetDirectoryName(_scratch.File("text"))}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_port_is_told_the_same_way()
    {
        var listener = ListenerFactory.Bind(BusEndpoint.Parse("tcp://127.0.0.1:0"));
        await listener.DisposeAsync();
        Assert.StartsWith($"Nobody listens on {listener.Endpoint}.", await ErrorOf(listener.Endpoint.ToString()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_host_is_named() =>
        Assert.Contains("the host 'no-such-host.invalid' is not known", await ErrorOf("tcp://no-such-host.invalid:1"), StringComparison.Ordinal);

    [Fact]
    public async Task Port_0_is_refused() => Assert.Contains("port 0 is only for listening", await ErrorOf("tcp://127.0.0.1:0"), StringComparison.Ordinal);

    [Fact]
    public async Task Cancellation_is_no_endpoint_error()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Dialer.ConnectAsync(BusEndpoint.Parse("tcp://127.0.0.1:1"), cancelled.Token));
    }

    private static async Task<string> ErrorOf(string url)
    {
        var endpoint = BusEndpoint.Parse(url);
        var error = await Assert.ThrowsAsync<BusEndpointException>(async () => await Dialer.ConnectAsync(endpoint, CancellationToken.None));
        Assert.Equal(endpoint, error.Endpoint);
        return error.Message;
    }
}
