using System.Text;
using Bus.Core.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;

namespace Bus.Tests.Client;

/// <summary>Clients of servers that are broken, silent or no bus at all.</summary>
public sealed class StubServerTests : StubServer
{
    [Fact]
    public async Task Nobody_listens()
    {
        Listener.Dispose();
        var error = await Assert.ThrowsAsync<BusConnectException>(() => BusClient.ConnectAsync(Url).Guard());
        Assert.Contains(Url, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_listens_that_says_nothing()
    {
        var error = await Assert.ThrowsAsync<BusConnectException>(() => BusClient.ConnectAsync(Url, new BusClientOptions { ConnectTimeout = TimeSpan.FromMilliseconds(50) }).Guard());
        Assert.Contains("did not answer as a bus", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_listens_that_is_no_bus()
    {
        var connecting = BusClient.ConnectAsync(Url);
        using var peer = await Listener.AcceptAsync();
        await peer.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
        await Assert.ThrowsAsync<BusConnectException>(() => connecting.Guard());
    }

    [Fact]
    public async Task A_server_that_refuses_is_quoted()
    {
        var connecting = BusClient.ConnectAsync(Url);
        using (var peer = await Listener.AcceptAsync())
        {
            await peer.SendAsync(Encoding.ASCII.GetBytes("INFO {\"headers\":true,\"max_payload\":100}\r\n"));
            await ReadUntilAsync(peer, "PING\r\n");
            await peer.SendAsync(Encoding.ASCII.GetBytes("-ERR 'Some Other Violation'\r\n"));
        }

        var error = await Assert.ThrowsAsync<BusConnectException>(() => connecting.Guard());
        Assert.Contains("Some Other Violation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_know_us_is_not_asked_again_and_gets_credentials_only_when_it_asks_for_them()
    {
        var options = new BusClientOptions { User = "u", Password = "secret", Token = "secret", ConnectPayload = "secret" };
        var (client, peer, said) = await HandshakeAsync(options);
        Assert.DoesNotContain("secret", said, StringComparison.Ordinal);
        await CloseAsync(client, peer);

        var connecting = BusClient.ConnectAsync(Url, options);
        using var second = await Listener.AcceptAsync();
        await second.SendAsync(Encoding.ASCII.GetBytes("INFO {\"headers\":true,\"max_payload\":100,\"auth_required\":true}\r\n"));
        Assert.Contains("\"user\":\"u\",\"pass\":\"secret\",\"auth_token\":\"secret\"", await ReadUntilAsync(second, "PING\r\n"), StringComparison.Ordinal);
        await second.SendAsync(Encoding.ASCII.GetBytes("-ERR 'Authorization Violation'\r\n"));
        Assert.Contains("does not say why", (await Assert.ThrowsAsync<BusRefusedException>(() => connecting.Guard())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_handshake_says_who_we_are_and_keeps_the_servers_limits()
    {
        var (client, peer, said) = await HandshakeAsync(new BusClientOptions { Name = "orders", Echo = false });
        Assert.Contains("\"name\":\"orders\"", said, StringComparison.Ordinal);
        Assert.Contains("\"echo\":false", said, StringComparison.Ordinal);
        Assert.Contains("\"no_responders\":true", said, StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<PayloadTooLargeException>(async () => await client.PublishAsync("x", new byte[101]));
        Assert.Equal(100, error.Limit);
        await CloseAsync(client, peer);
    }

    [Fact]
    public async Task An_error_line_is_noticed()
    {
        var (client, peer, _) = await HandshakeAsync(new BusClientOptions());
        var (noticed, refused) = (client.NoticeAsync(BusNoticeKind.ServerError), client.NoticeAsync(BusNoticeKind.NotPublished));
        await peer.SendAsync(Encoding.ASCII.GetBytes("-ERR 'Permissions Violation for Publish to \"x\"'\r\n-ERR 'Something'\r\n"));
        Assert.Equal("Something", (await noticed).Text);
        Assert.Equal("x", (await refused).Topic);
        Assert.Equal(1, client.RefusedMessages);
        await CloseAsync(client, peer);
    }

    [Fact]
    public async Task A_client_that_is_too_slow_for_its_bus_hears_of_it()
    {
        var (client, peer, _) = await HandshakeAsync(new BusClientOptions());
        var noticed = new TaskCompletionSource<BusNoticeEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.Noticed += (_, notice) => noticed.TrySetResult(notice);
        await peer.SendAsync(Encoding.ASCII.GetBytes("-ERR 'Slow Consumer'\r\n"));
        Assert.Equal(BusNoticeKind.TooSlow, (await noticed.Task.Guard()).Kind);
        await CloseAsync(client, peer);
    }

    [Fact]
    public async Task A_server_that_no_longer_answers_is_found_dead()
    {
        using var log = new LogLines();
        var connecting = BusClient.ConnectAsync(Url, new BusClientOptions { PingInterval = TimeSpan.FromMilliseconds(20), Loggers = log });
        using var peer = await Listener.AcceptAsync();
        await GreetAsync(peer);

        // It may be found dead before this goes on: so no event, which could be missed, and nothing more of the handshake, which may be over.
        await using var client = await connecting.Guard();
        await log.WithAsync("did not answer").Guard();
        // It is told when that has ended the connection.
        await Eventually.HoldsAsync(() => client.State == BusState.Reconnecting, () => $"The client is {client.State}.");
    }

    [Fact]
    public async Task A_message_in_pieces_arrives_whole()
    {
        var (client, peer, _) = await HandshakeAsync(new BusClientOptions());
        var opening = client.OpenSubscriptionAsync<string>("x");
        var said = await ReadUntilAsync(peer, "PING\r\n");
        var sid = said.Split("SUB x ")[1].Split('\r')[0];
        await peer.SendAsync("PONG\r\n"u8.ToArray());
        await using var subscription = await opening.Guard();
        foreach (var b in Encoding.ASCII.GetBytes($"PING\r\nMSG x {sid} 5\r\nhello\r\nHMSG x {sid} reply 17 22\r\nNATS/1.0\r\nA:1\r\n\r\nworld\r\n")) await peer.SendAsync(new[] { b });
        var messages = await subscription.TakeAsync(2);
        Assert.Equal(["hello", "world"], messages.Select(m => m.Data));
        Assert.Equal(("1", "reply"), (messages[1].Headers["A"], messages[1].ReplyTo));
        Assert.Contains("PONG\r\n", await ReadUntilAsync(peer, "PONG\r\n"), StringComparison.Ordinal);
        await CloseAsync(client, peer);
    }

    [Fact]
    public async Task A_url_that_is_none_is_refused_with_what_is_possible() =>
        await Assert.ThrowsAnyAsync<Exception>(() => BusClient.ConnectAsync("ftp://example"));
}
