using System.Net.Sockets;
using Bus.Transport.Channels;
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
        if (endpoint.Scheme == BusScheme.Tcp) Assert.All([client, server], channel => Assert.True(Assert.IsType<SocketChannel>(channel).Socket.NoDelay));
    }

    private static async Task SendsAsync(BusChannel from, BusChannel to, CancellationToken cancellationToken)
    {
        var buffer = new byte[2];
        var sent = new TaskCompletionSource<SocketError>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var sender = from.CreateSender(sent.SetResult);
        Assert.Equal(SocketError.Success, sender.Send([new byte[] { 42 }]) ?? await sent.Task.WaitAsync(cancellationToken));
        Assert.Equal(1, await to.ReceiveAsync(buffer, cancellationToken));
        Assert.Equal(42, buffer[0]);
    }
}
