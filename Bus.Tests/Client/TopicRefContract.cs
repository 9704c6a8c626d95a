using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Tests.Client;

/// <summary>A topic as an actor reference: Tell publishes, Ask requests.</summary>
public abstract class TopicRefContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    [Fact]
    public async Task What_it_is_told_is_published_in_order()
    {
        var (publisher, subscriber) = (await Fixture.ConnectAsync("p"), await Fixture.ConnectAsync("s"));
        await using var subscription = await subscriber.OpenSubscriptionAsync<int>("n");
        var topic = publisher.OpenTopicRef<string>("n");
        for (var i = 0; i < 500; i++) topic.Tell(i, ActorRefs.NoSender);
        Assert.Equal(Enumerable.Range(0, 500), await subscription.TakeDataAsync(500));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_it_was_told_before_the_bus_closes_arrives(bool drain)
    {
        var (publisher, subscriber) = (await Fixture.ConnectAsync("p"), await Fixture.ConnectAsync("s"));
        await using var subscription = await subscriber.OpenSubscriptionAsync<int>("n");
        var topic = publisher.OpenTopicRef<string>("n");
        for (var i = 0; i < 500; i++) topic.Tell(i, ActorRefs.NoSender);
        await (drain ? publisher.DrainAsync() : publisher.DisposeAsync().AsTask()).Guard();
        Assert.Equal(Enumerable.Range(0, 500), await subscription.TakeDataAsync(500));
    }

    [Fact]
    public async Task Messages_are_sent_by_their_run_time_type()
    {
        var bus = await Fixture.ConnectAsync();
        await using var subscription = await bus.OpenSubscriptionAsync<string>("any");
        var topic = bus.OpenTopicRef<string>("any", new TopicRefOptions { Headers = new BusHeaders { ["From"] = "an actor" } });
        object[] messages = ["text", "bytes"u8.ToArray(), (ReadOnlyMemory<byte>)"memory"u8.ToArray(), 42, new Order(7, "Ada")];
        foreach (var message in messages) topic.Tell(message, ActorRefs.NoSender);

        var received = await subscription.TakeAsync(messages.Length);
        Assert.Equal(["text", "bytes", "memory", "42", """{"number":7,"customer":"Ada"}"""], received.Select(m => m.Data));
        Assert.All(received, m => Assert.Equal(("an actor", null), (m.Headers["From"], m.ReplyTo)));
    }

    [Fact]
    public async Task An_ask_is_a_request_and_its_answer_the_reply()
    {
        var (client, service) = (await Fixture.ConnectAsync("c"), await Fixture.ConnectAsync("s"));
        await service.RespondAsync<int, Order>("orders.get", (number, message, _) => new(new Order(number, message.Headers["Who"] ?? "")));
        var options = new TopicRefOptions { Headers = new BusHeaders { ["Who"] = "Ada" } };

        Assert.Equal(new Order(42, "Ada"), await client.OpenTopicRef<Order>("orders.get", options).Ask<Order>(42, Guarding.Limit).Guard());
        var whole = await client.OpenTopicRef<BusMessage<string>>("orders.get", options).Ask<BusMessage<string>>(43, Guarding.Limit).Guard();
        Assert.Equal("""{"number":43,"customer":"Ada"}""", whole.Data);
    }

    [Fact]
    public async Task Asks_do_not_wait_for_each_other()
    {
        var (client, service) = (await Fixture.ConnectAsync("c"), await Fixture.ConnectAsync("s"));
        await using var requests = await service.OpenSubscriptionAsync<int>("double");
        var topic = client.OpenTopicRef<int>("double", new TopicRefOptions { Timeout = TimeSpan.FromHours(1) });
        var answers = Enumerable.Range(0, 100).Select(i => topic.Ask<int>(i, Guarding.Limit)).ToArray();

        // All of them are there before the first is answered, the last one first.
        foreach (var request in (await requests.TakeAsync(100)).Reverse<BusMessage<int>>()) await request.ReplyAsync(request.Data * 2);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => i * 2), await Task.WhenAll(answers).Guard());
    }

    [Fact]
    public async Task An_ask_fails_with_the_error_of_the_request()
    {
        var (client, service) = (await Fixture.ConnectAsync("c"), await Fixture.ConnectAsync("s"));
        var forever = new TopicRefOptions { Timeout = TimeSpan.FromHours(1) };
        var got = new TaskCompletionSource();
        await client.OpenSubscriptionAsync<string>("silent", (_, _) => default);
        await client.RespondAsync<string, string>("refused", (_, _, _) => throw new RemoteErrorException("no such order", 404, "not-found"));
        await client.RespondAsync<string, string>("garbled", (_, _, _) => new("no number"));
        await client.RespondAsync<string, Order?>("null", (_, _, _) => new((Order?)null));
        await service.OpenSubscriptionAsync<string>("lost", (_, _) =>
        {
            got.SetResult();
            return default;
        });

        await FailsAsync<NoRespondersException, int>("nobody.home", forever);
        await FailsAsync<RequestTimeoutException, int>("silent", new TopicRefOptions { Timeout = TimeSpan.FromMilliseconds(50) });
        Assert.Equal("not-found", (await FailsAsync<RemoteErrorException, int>("refused", forever)).Error);
        await FailsAsync<PayloadFormatException, int>("garbled", forever);
        Assert.Contains("null", (await FailsAsync<PayloadFormatException, Order>("null", forever)).Message, StringComparison.Ordinal);
        var lost = FailsAsync<ResponderLostException, int>("lost", forever);
        await got.Task.Guard();
        await service.DisposeAsync().AsTask().Guard();
        await lost;

        async Task<TError> FailsAsync<TError, TReply>(string topic, TopicRefOptions options)
            where TError : BusException
        {
            var error = await Assert.ThrowsAsync<TError>(() => client.OpenTopicRef<TReply>(topic, options).Ask<TReply>("?", Guarding.Limit).Guard());
            Assert.Equal(topic, error.Topic?.StartsWith("_INBOX", StringComparison.Ordinal) == true ? topic : error.Topic);
            return error;
        }
    }

    [Fact]
    public async Task An_actor_that_tells_publishes_and_one_that_forwards_passes_the_asker_on()
    {
        var bus = await Fixture.ConnectAsync();
        using var system = BusSystem.Create("users");
        await using var told = await bus.OpenSubscriptionAsync<string>("events");
        await bus.RespondAsync<string, string>("upper", (text, _) => new(text.ToUpperInvariant()));
        var (events, upper) = (bus.OpenTopicRef<string>("events"), bus.OpenTopicRef<string>("upper"));
        var actor = system.ActorOf(Props.Create(() => new GoBetween(events, upper)));

        Assert.Equal("HELLO", await actor.Ask<string>("hello", Guarding.Limit).Guard());
        var message = Assert.Single(await told.TakeAsync(1));
        Assert.Equal(("asked for hello", null), (message.Data, message.ReplyTo));
    }

    [Fact]
    public async Task What_cannot_be_published_is_noticed_and_the_next_message_is_published()
    {
        var bus = await Fixture.ConnectAsync();
        var notices = System.Threading.Channels.Channel.CreateUnbounded<BusNoticeEventArgs>();
        bus.Noticed += (_, notice) => notices.Writer.TryWrite(notice);
        await using var subscription = await bus.OpenSubscriptionAsync<string>("n");
        var topic = bus.OpenTopicRef<string>("n");

        topic.Tell(new byte[2 * 1024 * 1024], ActorRefs.NoSender);
        topic.Tell(new Status.Failure(new InvalidOperationException("the disk is full")), ActorRefs.NoSender);
        topic.Tell("next", ActorRefs.NoSender);

        Assert.Equal(["next"], await subscription.TakeDataAsync(1));
        foreach (var text in new[] { "1,048,576", "the disk is full" })
        {
            var notice = await notices.Reader.ReadAsync().AsTask().Guard();
            Assert.Equal((BusNoticeKind.NotPublished, "n"), (notice.Kind, notice.Topic));
            Assert.Contains(text, notice.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task It_can_be_watched_and_stopped_like_an_actor()
    {
        var bus = await Fixture.ConnectAsync();
        using var system = BusSystem.Create("users");
        await using var subscription = await bus.OpenSubscriptionAsync<int>("n");
        var (topic, ended) = (bus.OpenTopicRef<string>("n"), new TaskCompletionSource());
        await WatchAsync(system, topic, ended);

        for (var i = 0; i < 100; i++) topic.Tell(i, ActorRefs.NoSender);
        topic.Tell(PoisonPill.Instance, ActorRefs.NoSender);

        await ended.Task.Guard();
        Assert.Equal(Enumerable.Range(0, 100), await subscription.TakeDataAsync(100));
        await Assert.ThrowsAsync<BusClosedException>(() => topic.Ask<string>("?", TimeSpan.FromHours(1)).Guard());
        Assert.Equal(BusState.Connected, bus.State);
    }

    [Fact]
    public async Task When_the_bus_closes_it_stops_and_what_was_asked_fails_at_once()
    {
        var (bus, service) = (await Fixture.ConnectAsync("c"), await Fixture.ConnectAsync("s"));
        using var system = BusSystem.Create("users");
        await using var requests = await service.OpenSubscriptionAsync<string>("slow");
        var (topic, ended) = (bus.OpenTopicRef<string>("slow", new TopicRefOptions { Timeout = TimeSpan.FromHours(1) }), new TaskCompletionSource());
        await WatchAsync(system, topic, ended);
        var asked = topic.Ask<string>("first", TimeSpan.FromHours(1));
        await requests.TakeAsync(1);

        var more = Enumerable.Range(0, 1000).Select(i => topic.Ask<string>($"{i}", TimeSpan.FromHours(1))).ToArray();
        var closing = bus.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<BusClosedException>(() => asked.Guard());
        foreach (var ask in more) await Assert.ThrowsAsync<BusClosedException>(() => ask.Guard());
        await closing.Guard();
        await ended.Task.Guard();
        Assert.Throws<BusClosedException>(() => bus.OpenTopicRef<string>("slow"));
    }

    [Fact]
    public async Task A_subscriber_that_is_slow_holds_up_no_thread_and_costs_no_message()
    {
        var (publisher, subscriber) = (await Fixture.ConnectAsync("p"), await Fixture.ConnectAsync("s"));
        var (release, seen, done) = (new TaskCompletionSource(), new List<int>(), new TaskCompletionSource());
        // More than the window of any publisher.
        const int Count = 400;
        await subscriber.OpenSubscriptionAsync<byte[]>("n", async (message, _) =>
        {
            await release.Task;
            seen.Add(BitConverter.ToInt32(message.Data));
            if (seen.Count == Count) done.SetResult();
        }, new SubscriptionOptions { Capacity = 4, StallTimeout = TimeSpan.FromMinutes(1) });
        var topic = publisher.OpenTopicRef<string>("n");
        for (var i = 0; i < Count; i++)
        {
            var payload = new byte[64 * 1024];
            BitConverter.TryWriteBytes(payload, i);
            topic.Tell(payload, ActorRefs.NoSender);
        }

        release.SetResult();
        await done.Task.Guard();
        Assert.Equal(Enumerable.Range(0, Count), seen);
    }

    [Fact]
    public async Task It_passes_messages_and_requests_of_another_topic_on()
    {
        var (bus, service) = (await Fixture.ConnectAsync("c"), await Fixture.ConnectAsync("s"));
        await using var copies = await service.OpenSubscriptionAsync<Order>("new");
        await bus.OpenSubscriptionAsync<byte[]>("old", bus.OpenTopicRef<BusMessage<byte[]>>("new"));
        await bus.PublishAsync("old", new Order(1, "Ada"), new PublishOptions { Headers = new BusHeaders { ["Trace"] = "abc" } });
        var copy = Assert.Single(await copies.TakeAsync(1));
        Assert.Equal((new Order(1, "Ada"), "abc"), (copy.Data, copy.Headers["Trace"]));

        var asked = bus.RequestAsync<Order, string>("old", new Order(2, "Grace"), Guarding.Limit);
        await Assert.Single(await copies.TakeAsync(1)).ReplyAsync("taken");
        Assert.Equal("taken", await asked.Guard());
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        var bus = await Fixture.ConnectAsync();
        Assert.ThrowsAny<ArgumentException>(() => bus.OpenTopicRef<string>("orders.*"));
        Assert.ThrowsAny<ArgumentException>(() => bus.OpenTopicRef<string>("n", new TopicRefOptions { Timeout = TimeSpan.Zero }));
    }

    private static async Task WatchAsync(ActorSystem system, IActorRef actor, TaskCompletionSource ended)
    {
        var watching = new TaskCompletionSource();
        system.ActorOf(Props.Create(() => new Watcher(actor, watching, ended)));
        await watching.Task.Guard();
    }

    private sealed class Watcher(IActorRef actor, TaskCompletionSource watching, TaskCompletionSource ended) : UntypedActor
    {
        protected override void PreStart()
        {
            Context.Watch(actor);
            watching.SetResult();
        }

        protected override void OnReceive(object message)
        {
            if (message is Terminated) ended.SetResult();
        }
    }

    private sealed class GoBetween(IActorRef events, IActorRef upper) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            events.Tell($"asked for {message}");
            upper.Forward(message);
        }
    }
}
