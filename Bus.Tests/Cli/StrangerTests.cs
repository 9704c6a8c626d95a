using System.Net;
using System.Net.Sockets;
using System.Text;
using Bus.Tests.Processes;

namespace Bus.Tests.Cli;

/// <summary>What the commands say of something that listens and is no bus for them.</summary>
public sealed class StrangerTests : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _accepted = [];

    public StrangerTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    private string Url => $"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}";

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var socket in _accepted) socket.Dispose();
    }

    [Theory]
    [InlineData("pub a x", "SSH-2.0-OpenSSH_9.6\r\n", "is no bus: it did not greet with an INFO line. Check the URL.")]
    [InlineData("info", "SSH-2.0-OpenSSH_9.6\r\n", "is no bus: it did not greet with an INFO line. Check the URL.")]
    [InlineData("sub a", "HTTP/1.1 400 Bad Request\r\n\r\n", "is no bus: it did not greet with an INFO line. Check the URL.")]
    [InlineData("ping", "INFO [1]\r\n", "is no bus: its INFO line does not hold the JSON object that belongs there. Check the URL.")]
    [InlineData("info", "INFO nonsense\r\n", "is no bus: its INFO line does not hold the JSON object that belongs there. Check the URL.")]
    [InlineData("ping", "INFO {\"tls_required\":true}\r\n", "requires TLS, which is not supported yet")]
    [InlineData("request a x --timeout 1s", "", "did not answer as a bus within 5 s")]
    [InlineData("ping --connect-timeout 200ms", "", "did not answer as a bus within 0.2 s")]
    [InlineData("info --connect-timeout 200ms", "", "did not say anything within 0.2 s")]
    public async Task Is_told_in_a_line(string command, string greeting, string text)
    {
        await using var tool = ToolProcess.StartIpcBus([.. command.Split(' '), "--url", Url]);
        var peer = await _listener.AcceptAsync();
        _accepted.Add(peer);
        await peer.SendAsync(Encoding.UTF8.GetBytes(greeting));
        Assert.Equal(1, await tool.ExitAsync());
        Assert.Contains(text, Assert.Single(tool.Errors.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_for_datagrams_is_left_alone()
    {
        var folder = Directory.CreateTempSubdirectory("ipcbus-datagrams-");
        var path = Path.Combine(folder.FullName, "socket");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        foreach (var command in (string[])["ping --url", "serve --listen"])
        {
            await using var tool = ToolProcess.StartIpcBus([.. command.Split(' '), $"unix://{path}"]);
            Assert.Equal(1, await tool.ExitAsync());
            Assert.Contains("of another kind (for datagrams, say)", Assert.Single(tool.Errors.Lines), StringComparison.Ordinal);
        }

        Assert.True(File.Exists(path));
        folder.Delete(true);
    }

    [Fact]
    public async Task A_place_without_room_for_a_lock_is_told()
    {
        await using var serve = ToolProcess.StartIpcBus("serve", "--listen", "unix:///proc/x.sock");
        Assert.Equal(1, await serve.ExitAsync());
        Assert.Contains("the lock file '/proc/x.sock.lock' cannot be made", serve.Errors.Text, StringComparison.Ordinal);
    }
}
