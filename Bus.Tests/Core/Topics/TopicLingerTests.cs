using Bus.Core.State;
using Bus.Core.Supervision;
using Bus.Core.Topics;
using Bus.Tests.Actors;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bus.Tests.Core.Topics;

/// <summary>How the actors of filters without subscribers end: a while after the last one left, and never under a new subscriber.</summary>
public sealed class TopicLingerTests : ActorTestKit
{
    private readonly BusEnvironment _environment;
    private readonly IActorRef _topics;

    public TopicLingerTests()
        : base(virtualTime: true)
    {
        var environment = _environment = new BusEnvironment(NullLoggerFactory.Instance, new SchedulerTime(Sys.Scheduler));
        Sys.ActorOf(Props.Create(() => new BusSupervisor(environment)), "bus").Tell(new GetTopics(TestActor), TestActor);
        _topics = ExpectMsg<IActorRef>();
    }

    [Fact]
    public void The_actor_of_a_filter_that_was_left_ends_after_its_time_and_not_before()
    {
        var subscriber = Subscribe("a");
        Leave(subscriber);
        Watch(subscriber.Topic);

        Sweep(TopicManager.Linger / 2);
        ExpectNoMsg(TimeSpan.Zero);
        Sweep(TopicManager.Linger / 2);

        ExpectTerminated(subscriber.Topic);
    }

    [Fact]
    public void A_filter_that_is_subscribed_to_and_left_in_one_run_leaves_no_actor()
    {
        var brief = new TestSubscriber(TestActor, "a") { Origin = this };
        using var left = new ManualResetEventSlim();
        // The services of the bus have theirs.
        _topics.Tell(new GetHealth(TestActor), ActorRefs.NoSender);
        var before = ExpectMsg<PartHealth>().Count;
        // Told from within the manager's own turn, both are in its mailbox before it can publish either.
        Acknowledged(waiter => new Subscribe(new TestSubscriber(TestActor, "b") { Origin = this }, new Waiter(_ =>
        {
            _topics.Tell(new Subscribe(brief, new Waiter(_ => { })), ActorRefs.NoSender);
            _topics.Tell(new Unsubscribe(brief, new Waiter(_ => left.Set())), ActorRefs.NoSender);
            waiter.Registered(brief);
        })));
        Assert.True(left.Wait(TimeSpan.FromSeconds(30)));
        Assert.True(brief.Topic.IsNobody());
        _topics.Tell(new GetHealth(TestActor), ActorRefs.NoSender);
        Assert.Equal(before + 1, ExpectMsg<PartHealth>().Count);
    }

    [Fact]
    public void What_is_left_of_an_earlier_life_of_a_filter_does_not_end_the_next()
    {
        // Two filters, each left, taken up and left again, so that each stands in the queue twice, at different times.
        var (a, b) = (Subscribe("a"), Subscribe("b"));
        Leave(a);
        Leave(b);
        (a, b) = (Subscribe("a"), Subscribe("b"));
        Sweep(TopicManager.Linger / 4);
        Leave(a);
        Sweep(TopicManager.Linger / 4);
        Leave(b);
        Watch(a.Topic);
        Sweep(TopicManager.Linger * 3 / 4);
        Sweep(TopicManager.Linger / 4 - TimeSpan.FromMilliseconds(1));
        ExpectTerminated(a.Topic);

        var next = Subscribe("a");
        Sweep(TopicManager.Linger);
        Sweep(TopicManager.Linger);

        // Still known: another subscriber of the filter shares its actor.
        Assert.Same(next.Topic, Subscribe("a").Topic);
    }

    private TestSubscriber Subscribe(string filter)
    {
        var subscriber = new TestSubscriber(TestActor, filter) { Origin = this };
        Acknowledged(waiter => new Subscribe(subscriber, waiter));
        return subscriber;
    }

    private void Leave(TestSubscriber subscriber) => Acknowledged(waiter => new Unsubscribe(subscriber, waiter));

    /// <summary>Moves the time on, and waits until the manager has seen it.</summary>
    private void Sweep(TimeSpan time)
    {
        Time.Advance(time);
        Leave(new TestSubscriber(TestActor, "nobody.ever") { Origin = this });
    }

    private void Acknowledged(Func<Waiter, object> command)
    {
        using var done = new ManualResetEventSlim();
        _topics.Tell(command(new Waiter(_ => done.Set())), ActorRefs.NoSender);
        Assert.True(done.Wait(TimeSpan.FromSeconds(30)));
    }
}
