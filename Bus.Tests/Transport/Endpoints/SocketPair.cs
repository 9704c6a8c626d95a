using System.Net.Sockets;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.Endpoints;

internal static class SocketPair
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    /// <summary>Connects a client, which must reach this very listener, and sends a byte each way.</summary>
    public static async Task TalksAsync(IBusListener listener, BusEndpoint endpoint)
    {
        using var guard = new CancellationTokenSource(Guard);
        using var client = await Dialer.ConnectAsync(endpoint, guard.Token);
        using var server = await listener.AcceptAsync(guard.Token);
        await SendsAsync(client, server, guard.Token);
        await SendsAsync(server, client, guard.Token);
        if (endpoint.Scheme == BusScheme.Tcp) Assert.True(client.NoDelay && server.NoDelay);
    }

    private static async Task SendsAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        var buffer = new byte[2];
        await from.SendAsync(new byte[] { 42 }, cancellationToken);
        Assert.Equal(1, await to.ReceiveAsync(buffer, cancellationToken));
        Assert.Equal(42, buffer[0]);
    }
}
