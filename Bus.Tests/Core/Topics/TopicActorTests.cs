using System.Text;
using Bus.Core;
using Bus.Core.Buffers;
using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.State;
using Bus.Core.Supervision;
using Bus.Core.Topics;
using Bus.Tests.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bus.Tests.Core.Topics;

/// <summary>Topics under a real supervisor, with recipients that only record.</summary>
public sealed class TopicActorTests : IAsyncLifetime, IRegistrationWaiter
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly SlabPool _slabs = new(poison: true);
    private readonly ActorSystem _system = BusSystem.Create("topics");
    private readonly BusEnvironment _environment;
    private readonly TestProducer _producer;
    private readonly SemaphoreSlim _registered = new(0);
    private IActorRef _topics = null!;

    public TopicActorTests()
    {
        _environment = new BusEnvironment(NullLoggerFactory.Instance, TimeProvider.System) { Slabs = _slabs };
        _producer = new TestProducer(_slabs);
    }

    public async Task InitializeAsync()
    {
        var environment = _environment;
        var supervisor = _system.ActorOf(Props.Create(() => new BusSupervisor(environment)), "bus");
        _topics = await supervisor.Ask<IActorRef>(replyTo => new GetTopics(replyTo), Guard, CancellationToken.None);
    }

    public Task DisposeAsync() => _system.Terminate();

    void IRegistrationWaiter.Registered(Subscriber subscriber) => _registered.Release();

    void IRegistrationWaiter.Refused(Subscriber subscriber, TopicRefusal refusal) => throw new InvalidOperationException(refusal.Text);

    [Fact]
    public async Task Every_subscriber_gets_every_message_of_a_batch()
    {
        var recipients = new[] { new Recipient(), new Recipient(), new Recipient() };
        foreach (var recipient in recipients) await SubscribeAsync("a", recipient);

        Publish("a", "1", "2", "3");

        foreach (var recipient in recipients) Assert.Equal(["1", "2", "3"], await recipient.TakeAsync(3));
        await ReturnedAsync();
    }

    [Fact]
    public async Task A_topic_actor_that_fails_restarts_with_its_subscribers_and_goes_on_behind_the_recipient_that_failed()
    {
        var (before, after) = (new Recipient(), new Recipient());
        var broken = new Recipient { Failures = 1 };
        foreach (var recipient in new[] { before, broken, after }) await SubscribeAsync("a", recipient);

        Publish("a", "1");
        Publish("a", "2");

        // The broken one misses the message it failed on and is told the next; nobody else misses or doubles any.
        Assert.Equal(["1", "2"], await before.TakeAsync(2));
        Assert.Equal(["1", "2"], await after.TakeAsync(2));
        Assert.Equal(["2"], await broken.TakeAsync(1));
        await ReturnedAsync();
    }

    [Fact]
    public async Task A_batch_whose_fan_out_fails_twice_is_dropped_and_counted_and_the_next_one_is_delivered()
    {
        var first = new Recipient { Failures = 1 };
        var second = new Recipient { Failures = 1 };
        var last = new Recipient();
        foreach (var recipient in new[] { first, second, last }) await SubscribeAsync("a", recipient);

        Publish("a", "1");
        Publish("a", "2");

        Assert.Equal(["2"], await last.TakeAsync(1));
        Assert.Equal(1, _environment.Counters.DroppedBatches);
        await ReturnedAsync();
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 0)]
    public async Task A_receipt_counts_only_those_who_could_be_told(int broken, int reached)
    {
        var recipients = Enumerable.Range(0, 3).Select(place => new Recipient { Failures = place < broken ? 1 : 0 }).ToArray();
        foreach (var recipient in recipients) await SubscribeAsync("a", recipient);
        var inbox = new Recipient();
        await SubscribeAsync("inbox", inbox, origin: _producer);

        Confirm("a", "inbox");

        Assert.Equal([$"{{\"reached\":{reached}}}"], await inbox.TakeAsync(1));
        await ReturnedAsync();
    }

    [Fact]
    public async Task A_subscriber_that_comes_after_a_crash_is_served_too()
    {
        var broken = new Recipient { Failures = 1 };
        await SubscribeAsync("a", broken);
        Publish("a", "1");
        var late = new Recipient();
        await SubscribeAsync("a", late);

        Publish("a", "2");

        Assert.Equal(["2"], await late.TakeAsync(1));
        Assert.Equal(["2"], await broken.TakeAsync(1));
    }

    [Fact]
    public async Task A_queue_member_with_a_maximum_gets_no_more_than_its_share()
    {
        var (limited, other) = (new Recipient(), new Recipient());
        var subscriber = await SubscribeAsync("a", limited, "workers");
        await SubscribeAsync("a", other, "workers");
        subscriber.Maximum = 2;

        Publish("a", [.. Enumerable.Range(0, 10).Select(i => $"{i}")]);

        Assert.Equal(2, (await limited.TakeAsync(2)).Count);
        Assert.Equal(8, (await other.TakeAsync(8)).Count);
    }

    [Fact]
    public async Task What_a_stuck_queue_member_hands_back_goes_to_the_next_until_one_takes_it()
    {
        var taker = new Recipient();
        foreach (var recipient in new IActorRef[] { Stuck(), Stuck(), taker }) await SubscribeAsync("a", recipient, "workers");

        Publish("a", "1");
        Publish("a", "2");
        Publish("a", "3");

        Assert.Equal(["1", "2", "3"], (await taker.TakeAsync(3)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_picked_for_a_queue_member_that_has_stopped_goes_to_the_next()
    {
        var (gone, taker) = (_system.ActorOf(Props.Create(() => new Gone()), "gone"), new Recipient());
        foreach (var recipient in new[] { gone, taker }) await SubscribeAsync("a", recipient, "workers");
        await gone.GracefulStop(Guard);

        Publish("a", "1", "2", "3", "4");

        Assert.Equal(["1", "2", "3", "4"], (await taker.TakeAsync(4)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_every_queue_member_hands_back_is_dropped_and_does_not_go_round_for_ever()
    {
        foreach (var recipient in new[] { Stuck(), Stuck() }) await SubscribeAsync("a", recipient, "workers");

        Publish("a", "1");

        await Eventually.HoldsAsync(() => _slabs.Outstanding == 0 && _producer.InFlight == 0, () => $"{_slabs.Outstanding} slabs and {_producer.InFlight} bytes of credit are still out.");
    }

    [Fact]
    public async Task A_filter_whose_last_subscriber_left_is_not_routed_any_more()
    {
        var recipient = new Recipient();
        var subscriber = await SubscribeAsync("a", recipient);
        Assert.Single(_environment.Router.Match("a"u8));

        _topics.Tell(new Unsubscribe(subscriber), ActorRefs.NoSender);
        await SubscribeAsync("other", new Recipient());

        Assert.Empty(_environment.Router.Match("a"u8));
    }

    private static RecordingRef Stuck() => new()
    {
        OnTell = message => ((Delivery)message).Subscriber.Topic.Tell(new HandBack((Delivery)message, From: 0, IsSlow: false), ActorRefs.NoSender),
    };

    private async Task<TestSubscriber> SubscribeAsync(string filter, IActorRef recipient, string? queue = null, object? origin = null)
    {
        var subscriber = new TestSubscriber(recipient, filter, queue) { Origin = origin ?? recipient };
        _topics.Tell(new Subscribe(subscriber, this), ActorRefs.NoSender);
        Assert.True(await _registered.WaitAsync(Guard));
        return subscriber;
    }

    private void Publish(string topic, params string[] payloads)
    {
        foreach (var route in _environment.Router.Match(Encoding.UTF8.GetBytes(topic)))
        {
            var text = Encoding.UTF8.GetBytes(topic + string.Concat(payloads));
            var slab = _slabs.Rent(text.Length);
            text.CopyTo(slab.Bytes, 0);
            var batch = PublishBatch.Rent(slab, _producer);
            var at = topic.Length;
            foreach (var payload in payloads)
            {
                batch.Add(new BatchEntry { TopicLength = topic.Length, BodyOffset = at, BodyLength = payload.Length });
                at += payload.Length;
            }

            _producer.Sent(batch.Weight);
            slab.Release();
            route.Topic.Tell(batch, ActorRefs.NoSender);
        }
    }

    private void Confirm(string topic, string replyTo)
    {
        var builder = new BatchBuilder(_environment.Router, _producer);
        var (slab, entry) = _producer.Message($"$BUS.PUB.{topic}", "hi", replyTo);
        builder.Append(slab, entry);
        builder.Flush();
        slab.Release();
    }

    /// <summary>All memory and credit is back. A fence through a topic actor tells when it is done with what came before.</summary>
    private async Task ReturnedAsync()
    {
        var endpoint = new Recipient();
        foreach (var route in _environment.Router.Match("a"u8)) route.Topic.Tell(new Fence(endpoint, hops: 1), ActorRefs.NoSender);
        await endpoint.FenceAsync();
        Assert.Equal(0, _slabs.Outstanding);
        Assert.Equal(0, _producer.InFlight);
    }

    private sealed class Gone : UntypedActor
    {
        protected override void OnReceive(object message) => throw new InvalidOperationException($"It is told {message}, and has stopped before.");
    }
}
