using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Tests.Client;

/// <summary>Messages to one client by name, and to all.</summary>
public abstract class NamedContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    [Fact]
    public async Task What_is_sent_to_a_name_arrives_there_alone_and_says_who_sent_it()
    {
        var (sender, receiver, other) = (await Fixture.ConnectAsync("sender"), await Fixture.ConnectAsync("receiver"), await Fixture.ConnectAsync("other"));
        await using var inbox = await receiver.OpenInboxAsync<Order>();
        await using var elsewhere = await other.OpenInboxAsync<Order>();

        await sender.SendAsync("receiver", new Order(1, "a"), new SendOptions { Headers = new BusHeaders { ["Priority"] = "high" } }).Guard();
        await sender.SendAsync("receiver", new Order(2, "b"), new SendOptions { Topic = "orders.new" }).Guard();
        await sender.SendAsync("other", new Order(3, "c")).Guard();

        // Two filters, and so without an order between them.
        var received = (await inbox.TakeAsync(2)).OrderBy(m => m.Data.Number).ToArray();
        Assert.Equal([new Order(1, "a"), new Order(2, "b")], received.Select(m => m.Data));
        Assert.Equal(["$BUS.TO.receiver", "$BUS.TO.receiver.orders.new"], received.Select(m => m.Topic));
        Assert.All(received, m => Assert.Equal("sender", m.SenderName()));
        Assert.Equal("high", received[0].Headers["Priority"]);
        Assert.False(received[0].Headers.Contains("Bus-Request"));
        Assert.Equal([new Order(3, "c")], await elsewhere.TakeDataAsync(1));
    }

    [Fact]
    public async Task What_is_sent_one_after_the_other_arrives_in_this_order()
    {
        var (sender, receiver) = (await Fixture.ConnectAsync("sender"), await Fixture.ConnectAsync("receiver"));
        var received = new List<int>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var inbox = await receiver.OpenInboxAsync<int>((message, _) =>
        {
            received.Add(message.Data);
            if (received.Count == 300) all.SetResult();
            return default;
        });

        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => sender.SendAsync("receiver", i))).Guard();
        await all.Task.Guard();

        Assert.Equal(Enumerable.Range(0, 300), received);
    }

    [Fact]
    public async Task A_name_that_nobody_has_or_has_no_inbox_open_is_told_at_once()
    {
        var (sender, silent) = (await Fixture.ConnectAsync("sender"), await Fixture.ConnectAsync("silent"));
        var forever = new SendOptions { Timeout = TimeSpan.FromHours(1) };

        var absent = await Assert.ThrowsAsync<ClientAbsentException>(() => sender.SendAsync("nobody", "hi", forever).Guard());
        Assert.Equal(("nobody", false), (absent.Name, absent.IsConnected));
        Assert.Contains("Nobody on the bus is called 'nobody'", absent.Message, StringComparison.Ordinal);
        var deaf = await Assert.ThrowsAsync<ClientAbsentException>(() => sender.SendAsync("silent", "hi", forever).Guard());
        Assert.True(deaf.IsConnected);
        await Assert.ThrowsAsync<ArgumentException>(() => sender.SendAsync("no.name", "hi"));

        await silent.DisposeAsync().AsTask().Guard();
        var gone = await Assert.ThrowsAsync<ClientAbsentException>(() => sender.SendAsync("silent", "hi", forever).Guard());
        Assert.False(gone.IsConnected);
    }

    [Fact]
    public async Task A_client_can_be_asked_by_its_name()
    {
        var (client, service) = (await Fixture.ConnectAsync("client"), await Fixture.ConnectAsync("service"));
        await using var inbox = await service.OpenInboxAsync<int>((message, token) => message.ReplyAsync(message.Data + 1, cancellationToken: token));

        Assert.Equal(2, await client.RequestAsync<int, int>("$BUS.TO.service", 1).Guard());
        await Assert.ThrowsAsync<NoRespondersException>(() => client.RequestAsync<int, int>("$BUS.TO.nobody", 1, TimeSpan.FromHours(1)).Guard());
    }

    [Fact]
    public async Task A_broadcast_reaches_all_or_all_but_the_sender_or_all_but_a_list()
    {
        var (a, b, c) = (await Fixture.ConnectAsync("a"), await Fixture.ConnectAsync("b"), await Fixture.ConnectAsync("c"));
        await using var inboxOfA = await a.OpenInboxAsync<string>();
        await using var inboxOfB = await b.OpenInboxAsync<string>();
        await using var inboxOfC = await c.OpenInboxAsync<string>();

        await a.BroadcastAsync("news.sport", "to all");
        await a.BroadcastAsync("news.sport", "to all but me", new BroadcastOptions { ExceptSelf = true });
        await a.BroadcastAsync("news.sport", "to me only", new BroadcastOptions { Except = ["b", "c"], Headers = new BusHeaders { ["Kind"] = "x" } });
        await a.BroadcastAsync("news.sport", "to c only", new BroadcastOptions { ExceptSelf = true, Except = ["b"] });
        await a.BroadcastAsync("news.sport", "end");

        Assert.Equal(["to all", "to me only", "end"], await inboxOfA.TakeDataAsync(3));
        Assert.Equal(["to all", "to all but me", "end"], await inboxOfB.TakeDataAsync(3));
        var atC = await inboxOfC.TakeAsync(4);
        Assert.Equal(["to all", "to all but me", "to c only", "end"], atC.Select(m => m.Data));
        Assert.All(atC, m => Assert.Equal("$BUS.ALL.news.sport", m.Topic));
        await Assert.ThrowsAsync<ArgumentException>(async () => await a.BroadcastAsync("news", "x", new BroadcastOptions { Except = ["a,b"] }));
    }
}

public sealed class LocalNamedTests : NamedContract<LocalBusFixture>;

public sealed class UnixNamedTests : NamedContract<UnixBusFixture>;

public sealed class TcpNamedTests : NamedContract<TcpBusFixture>;
