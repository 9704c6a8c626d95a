using System.Net.Sockets;
using System.Text;
using Bus.Core.Client;
using Bus.Transport.Client;

namespace Bus.Tests.Client;

/// <summary>What is on its way to a subscription when it ends, or when its connection does.</summary>
public sealed class SubscriptionEndTests : StubServer
{
    [Fact]
    public async Task A_drain_handles_what_the_bus_sent_before_it_knew()
    {
        var (client, peer, _) = await HandshakeAsync(new BusClientOptions());
        var handled = new List<string>();
        var (subscription, sid) = await SubscribeAsync(client, peer, "a", message =>
        {
            handled.Add(message);
            return Task.CompletedTask;
        });
        var (_, other) = await SubscribeAsync(client, peer, "b", _ => Task.CompletedTask);

        var draining = subscription.DrainAsync();
        await ReadUntilAsync(peer, "PING\r\n");
        // Between them a message of another subscription: each is looked up anew then.
        await SayAsync(peer, $"MSG a {sid} 1\r\n1\r\nMSG b {other} 1\r\n0\r\nMSG a {sid} 1\r\n2\r\nPONG\r\n");
        await draining.Guard();

        Assert.Equal(["1", "2"], handled);
        await CloseAsync(client, peer);
    }

    [Fact]
    public async Task A_request_that_crosses_the_end_of_its_subscription_is_declined()
    {
        var (client, peer, _) = await HandshakeAsync(new BusClientOptions());
        var (subscription, sid) = await SubscribeAsync(client, peer, "a", _ => Task.CompletedTask);
        await subscription.UnsubscribeAsync().Guard();
        await ReadUntilAsync(peer, $"UNSUB {sid}\r\n");

        await SayAsync(peer, $"MSG a {sid} _INBOX.x.1 1\r\n1\r\n");

        await ReadUntilAsync(peer, "PUB $BUS.DECLINE _INBOX.x.1 0\r\n\r\n");
        await CloseAsync(client, peer);
    }

    [Fact]
    public async Task A_client_that_gives_up_handles_what_has_arrived_and_refuses_the_rest_at_once()
    {
        var (client, peer, _) = await HandshakeAsync(new BusClientOptions { Reconnect = false });
        var (handled, begun, goOn) = (new List<string>(), new TaskCompletionSource(), new TaskCompletionSource());
        var closed = client.NextAsync(BusState.Closed);
        var (subscription, sid) = await SubscribeAsync(client, peer, "a", async message =>
        {
            begun.TrySetResult();
            await goOn.Task;
            handled.Add(message);
        });
        var opening = client.OpenSubscriptionAsync<string>("b", (_, _) => default);
        var flushing = client.FlushAsync();
        await SayAsync(peer, string.Concat(Enumerable.Range(1, 3).Select(n => $"MSG a {sid} 1\r\n{n}\r\n")));
        await begun.Task.Guard();

        peer.Dispose();
        Assert.IsType<ConnectionLostException>((await closed).Reason);
        await Assert.ThrowsAsync<BusClosedException>(() => opening.Guard());
        await Assert.ThrowsAsync<ConnectionLostException>(() => flushing.Guard());
        await Assert.ThrowsAsync<BusClosedException>(() => client.FlushAsync().Guard());
        await Assert.ThrowsAsync<BusClosedException>(() => client.OpenSubscriptionAsync<string>("b", (_, _) => default).Guard());
        var draining = client.DrainAsync();
        Assert.False(subscription.Completion.IsCompleted);

        goOn.SetResult();
        await draining.Guard();
        Assert.Equal(["1", "2", "3"], handled);
        await Assert.ThrowsAsync<ConnectionLostException>(() => subscription.Completion.Guard());
    }

    [Fact]
    public async Task A_reply_that_nobody_waits_for_any_more_is_no_failure_of_its_handler()
    {
        var (client, peer, _) = await HandshakeAsync(new BusClientOptions { Reconnect = false });
        var (handled, begun, goOn) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        var closed = client.NextAsync(BusState.Closed);
        var opening = client.RespondAsync<string, string>(
            "a",
            async (request, _, _) =>
            {
                begun.TrySetResult();
                await goOn.Task;
                handled++;
                return request;
            },
            new SubscriptionOptions { OnFailure = new FailurePolicy { Action = FailureAction.Stop } });
        var (subscription, sid) = await OpenedAsync(opening, peer, "a");
        await SayAsync(peer, $"MSG a {sid} _INBOX.x.1 1\r\n1\r\nMSG a {sid} _INBOX.x.2 1\r\n2\r\n");
        await begun.Task.Guard();
        peer.Dispose();
        await closed;

        goOn.SetResult();
        await Assert.ThrowsAsync<ConnectionLostException>(() => subscription.Completion.Guard());
        Assert.Equal(2, handled);
        await client.DisposeAsync().AsTask().Guard();
    }

    private static Task<(ISubscription Subscription, string Sid)> SubscribeAsync(IBus client, Socket peer, string topic, Func<string, Task> handler) =>
        OpenedAsync(client.OpenSubscriptionAsync<string>(topic, (message, _) => new ValueTask(handler(message.Data))), peer, topic);

    private static async Task<(ISubscription Subscription, string Sid)> OpenedAsync(Task<ISubscription> opening, Socket peer, string topic)
    {
        var sid = (await ReadUntilAsync(peer, "PING\r\n")).Split($"SUB {topic} ")[1].Split('\r')[0];
        await SayAsync(peer, "PONG\r\n");
        return (await opening.Guard(), sid);
    }

    private static async Task SayAsync(Socket peer, string lines) => await peer.SendAsync(Encoding.ASCII.GetBytes(lines));
}
