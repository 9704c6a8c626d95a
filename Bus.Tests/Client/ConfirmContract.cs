using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Tests.Client;

/// <summary>Messages that the bus confirms.</summary>
public abstract class ConfirmContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    [Fact]
    public async Task A_receipt_counts_the_subscriptions_that_the_message_was_handed_to()
    {
        var (publisher, other) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var own = await publisher.OpenSubscriptionAsync<string>("a.b").Guard();
        await using var literal = await other.OpenSubscriptionAsync<string>("a.b").Guard();
        await using var wildcard = await other.OpenSubscriptionAsync<string>("a.*").Guard();
        await using var unrelated = await other.OpenSubscriptionAsync<string>("b").Guard();
        await using var first = await publisher.OpenSubscriptionAsync<string>("a.>", new SubscriptionOptions { Queue = "q" }).Guard();
        await using var second = await other.OpenSubscriptionAsync<string>("a.>", new SubscriptionOptions { Queue = "q" }).Guard();

        for (var i = 0; i < 3; i++) Assert.Equal(4, (await publisher.PublishConfirmedAsync("a.b", $"{i}").Guard()).Reached);

        foreach (var subscription in new[] { own, literal, wildcard }) Assert.Equal(["0", "1", "2"], await subscription.TakeDataAsync(3));
    }

    [Fact]
    public async Task That_nobody_subscribes_is_an_answer()
    {
        var bus = await Fixture.ConnectAsync();
        Assert.Equal(0, (await bus.PublishConfirmedAsync("nobody", "hi").Guard()).Reached);

        await using (await bus.OpenSubscriptionAsync<string>("somebody").Guard())
        {
            Assert.Equal(1, (await bus.PublishConfirmedAsync("somebody", "hi").Guard()).Reached);
        }

        await bus.FlushAsync().Guard();
        Assert.Equal(0, (await bus.PublishConfirmedAsync("somebody", "hi").Guard()).Reached);
    }

    [Fact]
    public async Task Confirmed_and_plain_messages_of_a_client_arrive_in_the_order_in_which_they_were_published()
    {
        var (publisher, subscriber) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var subscription = await subscriber.OpenSubscriptionAsync<int>("a", new SubscriptionOptions { Capacity = 10_000 }).Guard();

        var receipts = new List<Task<PublishReceipt>>();
        for (var i = 0; i < 3000; i++)
        {
            if (i % 3 == 0) receipts.Add(publisher.PublishConfirmedAsync("a", i, timeout: Guarding.Limit));
            else await publisher.PublishAsync("a", i);
        }

        Assert.All(await Task.WhenAll(receipts).Guard(), receipt => Assert.Equal(1, receipt.Reached));
        Assert.Equal(Enumerable.Range(0, 3000), await subscription.TakeDataAsync(3000));
    }

    [Fact]
    public async Task The_very_first_messages_of_a_bus_are_in_order_too()
    {
        var subscriber = await Fixture.ConnectAsync();
        await using var subscription = await subscriber.OpenSubscriptionAsync<int>("a").Guard();
        for (var round = 0; round < 10; round++)
        {
            var publisher = await Fixture.ConnectAsync($"publisher-{round}");
            var receipt = publisher.PublishConfirmedAsync("a", 1);
            await publisher.PublishAsync("a", 2);

            Assert.Equal([1, 2], await subscription.TakeDataAsync(2));
            Assert.Equal(1, (await receipt.Guard()).Reached);
        }
    }

    [Fact]
    public async Task A_subscriber_sees_the_topic_and_the_headers_and_nothing_of_the_confirmation()
    {
        var bus = await Fixture.ConnectAsync();
        await using var subscription = await bus.OpenSubscriptionAsync<string>("a").Guard();

        await bus.PublishConfirmedAsync("a", "plain").Guard();
        await bus.PublishConfirmedAsync("a", "with", new PublishOptions { Headers = new BusHeaders { ["trace"] = "7" } }).Guard();

        var messages = await subscription.TakeAsync(2);
        Assert.All(messages, message => Assert.Equal(("a", null), (message.Topic, message.ReplyTo)));
        Assert.Empty(messages[0].Headers);
        Assert.Equal("trace: 7", messages[1].Headers.ToString());
    }

    [Fact]
    public async Task What_does_not_hear_itself_counts_nothing_and_still_gets_its_receipt()
    {
        var deaf = await Fixture.ConnectAsync(echo: false);
        await using var own = await deaf.OpenSubscriptionAsync<string>("a").Guard();
        Assert.Equal(0, (await deaf.PublishConfirmedAsync("a", "hi").Guard()).Reached);
    }

    [Fact]
    public async Task A_reply_may_be_confirmed_and_is_a_reply()
    {
        var (client, server) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var service = await server.OpenSubscriptionAsync<string>(
            "ask",
            async (request, token) => Assert.Equal(1, (await server.PublishConfirmedAsync(request.ReplyTo!, "answer", cancellationToken: token)).Reached)).Guard();

        Assert.Equal("answer", await client.RequestAsync<string, string>("ask", "?", Guarding.Limit).Guard());
    }

    [Fact]
    public async Task What_cannot_be_confirmed_is_refused_where_it_is_asked_for()
    {
        var bus = await Fixture.ConnectAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => bus.PublishConfirmedAsync("a.*", "hi"));
        await Assert.ThrowsAsync<ArgumentException>(() => bus.PublishConfirmedAsync("$BUS.EVENT.JOIN.x", "hi"));
        await Assert.ThrowsAsync<ArgumentException>(() => bus.PublishConfirmedAsync("$BUS.PUB.$BUS.PUB.a", "hi"));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => bus.PublishConfirmedAsync("a", "hi", timeout: TimeSpan.Zero));
        var reply = await Assert.ThrowsAsync<ArgumentException>(() => bus.PublishConfirmedAsync("a", "hi", new PublishOptions { ReplyTo = "b" }));
        Assert.Contains("the confirmation takes its place", reply.Message, StringComparison.Ordinal);
        await bus.DisposeAsync();
        await Assert.ThrowsAsync<BusClosedException>(() => bus.PublishConfirmedAsync("a", "hi"));
    }
}

public sealed class LocalConfirmTests : ConfirmContract<LocalBusFixture>;

public sealed class UnixConfirmTests : ConfirmContract<UnixBusFixture>;

public sealed class TcpConfirmTests : ConfirmContract<TcpBusFixture>;
