using System.Net;
using System.Net.Sockets;
using System.Text;
using Bus.Core.Client;
using Bus.Transport.Client;

namespace Bus.Tests.Client;

/// <summary>A server that says what the test wants, when it wants it.</summary>
public abstract class StubServer : IDisposable
{
    protected StubServer()
    {
        Listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Listener.Listen();
        Url = $"tcp://127.0.0.1:{((IPEndPoint)Listener.LocalEndPoint!).Port}";
    }

    protected Socket Listener { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    protected string Url { get; }

    public void Dispose()
    {
        Listener.Dispose();
        GC.SuppressFinalize(this);
    }

    protected async Task<(IBus Client, Socket Peer, string Said)> HandshakeAsync(BusClientOptions options)
    {
        var connecting = BusClient.ConnectAsync(Url, options);
        var peer = await Listener.AcceptAsync();
        var said = await GreetAsync(peer);
        var client = await connecting.Guard();
        await ReadUntilAsync(peer, "SUB _INBOX.");
        return (client, peer, said);
    }

    protected static async Task<string> GreetAsync(Socket peer)
    {
        await peer.SendAsync(Encoding.ASCII.GetBytes("INFO {\"server_name\":\"stub\",\"version\":\"2.9.10\",\"headers\":true,\"max_payload\":100}\r\n"));
        var said = await ReadUntilAsync(peer, "PING\r\n");
        await peer.SendAsync("PONG\r\n"u8.ToArray());
        return said;
    }

    protected static async Task<string> ReadUntilAsync(Socket peer, string end)
    {
        using var limit = new CancellationTokenSource(Guarding.Limit);
        var (said, buffer) = ("", new byte[4096]);
        while (!said.Contains(end, StringComparison.Ordinal))
        {
            var count = await peer.ReceiveAsync(buffer, limit.Token);
            Assert.True(count > 0, $"The client closed; it had said: {said}");
            said += Encoding.ASCII.GetString(buffer, 0, count);
        }

        return said;
    }

    protected static async Task CloseAsync(IBus client, Socket peer)
    {
        // The stub will not answer the last PING: hang up first.
        peer.Dispose();
        await client.DisposeAsync().AsTask().Guard();
    }
}
