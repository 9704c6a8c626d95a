using Bus.Core;
using Bus.Core.Client;

namespace Bus.Tests.Client;

/// <summary>An actor that subscribes.</summary>
public abstract class ActorSubscriptionContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private static readonly TimeSpan Forever = TimeSpan.FromHours(1);

    [Fact]
    public async Task It_gets_typed_messages_until_it_stops()
    {
        var bus = await Fixture.ConnectAsync();
        using var system = BusSystem.Create("users");
        var got = new TaskCompletionSource<Order>();
        var actor = Start(system, message => got.SetResult(((BusMessage<Order>)message).Data));
        var subscription = await bus.OpenSubscriptionAsync<Order>("orders.*", actor).Guard();

        await bus.PublishAsync("orders.new", new Order(1, "Ada"));
        Assert.Equal(new Order(1, "Ada"), await got.Task.Guard());
        Assert.Equal(1, subscription.Delivered);

        system.Stop(actor);
        await subscription.Completion.Guard();
        await bus.FlushAsync().Guard();
        await Assert.ThrowsAsync<NoRespondersException>(() => bus.RequestAsync<string, string>("orders.new", "?", Forever).Guard());
    }

    [Fact]
    public async Task Its_answer_confirms_a_delivery()
    {
        var (client, worker) = (await Fixture.ConnectAsync("c"), await Fixture.ConnectAsync("w"));
        using var system = BusSystem.Create("users");
        await worker.OpenSubscriptionAsync<string>(SystemTopics.InboxOf("w"), system.ActorOf(Props.Create(() => new Answerer()))).Guard();
        var forever = new DeliverOptions { Timeout = Forever };

        Assert.Equal("text", await client.DeliverAsync<string, string>("w", "text", forever).Guard());
        await client.DeliverAsync("w", "by hand", forever).Guard();
        Assert.Equal("not-found", (await Assert.ThrowsAsync<RemoteErrorException>(() => client.DeliverAsync("w", "error", forever).Guard())).Error);
    }

    [Fact]
    public async Task After_a_failure_it_is_restarted_and_gets_the_next_message()
    {
        var bus = await Fixture.ConnectAsync();
        using var system = BusSystem.Create("users");
        var (seen, done) = (new List<int>(), new TaskCompletionSource());
        // The fourth payload is no number: reading it throws, like any bug, in the actor.
        var actor = Start(system, message =>
        {
            var number = ((BusMessage<int>)message).Data;
            if (number == 2) throw new InvalidOperationException("a bug");
            seen.Add(number);
            if (number == 5) done.SetResult();
        });
        await using var subscription = await bus.OpenSubscriptionAsync<int>("n", actor).Guard();

        foreach (var payload in new[] { "1", "2", "3", "four", "5" }) await bus.PublishAsync("n", payload);
        await done.Task.Guard();
        Assert.Equal([1, 3, 5], seen);
        Assert.False(subscription.Completion.IsCompleted);
    }

    [Fact]
    public async Task It_answers_requests_by_telling_their_sender()
    {
        var (client, service) = (await Fixture.ConnectAsync("c"), await Fixture.ConnectAsync("s"));
        using var system = BusSystem.Create("users");
        var child = system.ActorOf(Props.Create(() => new Answerer()));
        var actor = Start(system, child.Forward);
        await service.OpenSubscriptionAsync<string>("ask", actor).Guard();

        Assert.Equal("text", await client.RequestAsync<string, string>("ask", "text").Guard());
        Assert.Equal(new Order(1, "Ada"), await client.RequestAsync<string, Order>("ask", "order").Guard());
        Assert.Equal("by hand", await client.RequestAsync<string, string>("ask", "by hand").Guard());
        var failure = await Assert.ThrowsAsync<RemoteErrorException>(() => client.RequestAsync<string, string>("ask", "failure", Forever).Guard());
        Assert.Equal(("it is broken", 500, "handler-failed"), (failure.Text, failure.Code, failure.Error));
        var chosen = await Assert.ThrowsAsync<RemoteErrorException>(() => client.RequestAsync<string, string>("ask", "error", Forever).Guard());
        Assert.Equal(("no such order", 404, "not-found"), (chosen.Text, chosen.Code, chosen.Error));
        var unsendable = await Assert.ThrowsAsync<RemoteErrorException>(() => client.RequestAsync<string, string>("ask", "huge", Forever).Guard());
        Assert.Contains("1,048,576", unsendable.Text, StringComparison.Ordinal);

        var topic = client.OpenTopicRef<string>("ask");
        Assert.Equal("text", await topic.Ask<string>("text", Guarding.Limit).Guard());
    }

    [Fact]
    public async Task A_failure_told_before_the_restart_reaches_the_requester_at_once_and_the_next_request_is_answered()
    {
        var (client, service) = (await Fixture.ConnectAsync("c"), await Fixture.ConnectAsync("s"));
        using var system = BusSystem.Create("users");
        await service.OpenSubscriptionAsync<int>("divide", system.ActorOf(Props.Create(() => new Divider()))).Guard();

        Assert.Equal(50, await client.RequestAsync<int, int>("divide", 2).Guard());
        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => client.RequestAsync<int, int>("divide", 0, Forever).Guard());
        Assert.Equal(new DivideByZeroException().Message, error.Text);
        Assert.Equal(25, await client.RequestAsync<int, int>("divide", 4).Guard());
    }

    [Fact]
    public async Task Requests_that_it_has_when_it_stops_fail_at_once()
    {
        var (client, service) = (await Fixture.ConnectAsync("c"), await Fixture.ConnectAsync("s"));
        using var system = BusSystem.Create("users");
        var got = new TaskCompletionSource();
        var actor = Start(system, _ => got.TrySetResult());
        await service.OpenSubscriptionAsync<string>("ask", actor).Guard();
        var request = client.RequestAsync<string, string>("ask", "?", Forever);
        await got.Task.Guard();
        system.Stop(actor);
        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => request.Guard());
        Assert.Equal((503, "responder-lost"), (error.Code, error.Error));
    }

    [Fact]
    public async Task An_answer_is_sent_even_if_the_actor_stops_and_its_bus_closes_behind_it()
    {
        var (client, service) = (await Fixture.ConnectAsync("c"), await Fixture.ConnectAsync("s"));
        using var system = BusSystem.Create("users");
        var subscription = await service.OpenSubscriptionAsync<string>("last", system.ActorOf(Props.Create(() => new LastWords()))).Guard();
        var request = client.RequestAsync<string, string>("last", "?", Forever);
        await subscription.Completion.Guard();
        await service.DisposeAsync().AsTask().Guard();
        Assert.Equal("so long", await request.Guard());
    }

    [Fact]
    public async Task Draining_waits_for_its_answers()
    {
        var (client, service) = (await Fixture.ConnectAsync("c"), await Fixture.ConnectAsync("s"));
        using var system = BusSystem.Create("users");
        var asked = new TaskCompletionSource<BusMessage<string>>();
        await service.OpenSubscriptionAsync<string>("slow", Start(system, message => asked.SetResult((BusMessage<string>)message))).Guard();
        var request = client.RequestAsync<string, string>("slow", "?", Forever);
        var message = await asked.Task.Guard();

        var draining = service.DrainAsync();
        await message.ReplyAsync("done");
        Assert.Equal("done", await request.Guard());
        await draining.Guard();
    }

    private static IActorRef Start(ActorSystem system, Action<object> receive) => system.ActorOf(Props.Create(() => new Receiver(receive)));

    private sealed class Receiver(Action<object> receive) : UntypedActor
    {
        protected override void OnReceive(object message) => receive(message);
    }

    private sealed class LastWords : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            Sender.Tell("so long");
            Context.Stop(Self);
        }
    }

    private sealed class Divider : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(100 / ((BusMessage<int>)message).Data);

        protected override void PreRestart(Exception reason, object message)
        {
            Sender.Tell(new Status.Failure(reason));
            base.PreRestart(reason, message);
        }
    }

    private sealed class Answerer : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var request = (BusMessage<string>)message;
            switch (request.Data)
            {
                case "order":
                    Sender.Tell(new Order(1, "Ada"));
                    break;
                case "by hand":
                    _ = request.ReplyAsync("by hand").AsTask();
                    break;
                case "failure":
                    Sender.Tell(new Status.Failure(new InvalidOperationException("it is broken")));
                    break;
                case "error":
                    Sender.Tell(new Status.Failure(new RemoteErrorException("no such order", 404, "not-found")));
                    break;
                case "huge":
                    Sender.Tell(new byte[2 * 1024 * 1024]);
                    break;
                default:
                    Sender.Tell(request.Data);
                    break;
            }
        }
    }
}
