namespace Bus.Tests.Actors.Contract;

public sealed class SupervisionTests : ContractTest
{
    private const int AnHour = 3_600_000;

    [Fact]
    public void Resume_keeps_the_state_and_drops_the_failed_message()
    {
        var child = StartChildOf(Directive.Resume);
        child.Tell(5, TestActor);
        child.Tell(Crash.With("resume"), TestActor);
        child.Tell(2, TestActor);
        Assert.Equal(7, Total(child));
    }

    [Fact]
    public void Resume_is_logged_as_a_warning()
    {
        var child = StartChildOf(Directive.Resume);
        EventFilter.Warning("not so bad").ExpectOne(() => child.Tell(Crash.With("not so bad"), TestActor));
    }

    [Fact]
    public void Restart_loses_the_state_and_drops_the_failed_message()
    {
        var child = StartChildOf(Directive.Restart);
        child.Tell(5, TestActor);
        child.Tell(Crash.With("restart"), TestActor);
        child.Tell(2, TestActor);
        Assert.Equal(2, Total(child));
    }

    [Fact]
    public void Restart_and_stop_are_logged_as_errors_with_their_cause()
    {
        var child = StartChildOf(Directive.Restart);
        EventFilter.Exception<TestFailure>("bad", source: child.Path.ToString()).ExpectOne(() => child.Tell(Crash.With("bad"), TestActor));
        var other = StartChildOf(Directive.Stop);
        EventFilter.Exception<TestFailure>("worse").ExpectOne(() => other.Tell(Crash.With("worse"), TestActor));
    }

    [Fact]
    public void Stop_ends_the_actor_and_its_mailbox_becomes_dead_letters()
    {
        var letters = Listen(typeof(DeadLetter));
        var child = StartChildOf(Directive.Stop);
        Watch(child);
        child.Tell(new Run(context =>
        {
            context.Self.Tell("behind", context.Self);
            throw new TestFailure("stop");
        }), TestActor);
        ExpectTerminated(child);
        letters.FishForMessage<DeadLetter>(l => Equals(l.Message, "behind"));
    }

    [Fact]
    public void Escalate_makes_it_the_failure_of_the_parent()
    {
        var grandparent = StartWorker(strategy: new OneForOneStrategy(e => e.Message == "too much" ? Directive.Restart : Directive.Stop));
        var parent = StartChild(grandparent, Worker.With(TestActor, new OneForOneStrategy(_ => Directive.Escalate)));
        var child = StartChildWorker(parent);
        parent.Tell(5, TestActor);
        Assert.Equal(5, Total(parent));
        Watch(child);
        child.Tell(Crash.With("too much"), TestActor);
        ExpectTerminated(child);
        Assert.Equal(0, Total(parent));
    }

    [Fact]
    public void An_escalation_that_is_resumed_resumes_the_child_too()
    {
        var grandparent = StartWorker(strategy: new OneForOneStrategy(_ => Directive.Resume));
        var parent = StartChild(grandparent, Worker.With(TestActor, new OneForOneStrategy(_ => Directive.Escalate)));
        var child = StartChildWorker(parent);
        parent.Tell(5, TestActor);
        child.Tell(3, TestActor);
        child.Tell(Crash.With("calm down"), TestActor);
        Assert.Equal(3, Total(child));
        Assert.Equal(5, Total(parent));
    }

    [Fact]
    public void The_decider_sees_the_exception_and_only_the_failed_child_is_touched()
    {
        var parent = StartWorker(strategy: new OneForOneStrategy(e => e switch
        {
            ArgumentException => Directive.Resume,
            InvalidOperationException => Directive.Restart,
            _ => Directive.Stop,
        }));
        var children = Enumerable.Range(0, 4).Select(_ => StartChildWorker(parent)).ToList();
        children.ForEach(child => child.Tell(5, TestActor));
        Watch(children[2]);
        children[0].Tell(new Crash(new ArgumentException("resume")), TestActor);
        children[1].Tell(new Crash(new InvalidOperationException("restart")), TestActor);
        children[2].Tell(new Crash(new TestFailure("stop")), TestActor);
        ExpectTerminated(children[2]);
        Assert.Equal((5, 0, 5), (Total(children[0]), Total(children[1]), Total(children[3])));
    }

    [Fact]
    public void One_restart_more_than_allowed_stops()
    {
        var child = StartChildOf(new OneForOneStrategy(3, AnHour, _ => Directive.Restart));
        Watch(child);
        foreach (var i in Enumerable.Range(0, 3))
        {
            child.Tell(Crash.With($"restart {i}"), TestActor);
            Fence(child);
        }

        ExpectNothingElse();
        child.Tell(Crash.With("once too often"), TestActor);
        ExpectTerminated(child);
    }

    [Fact]
    public void Retries_without_a_time_window_count_for_ever()
    {
        var child = StartChildOf(new OneForOneStrategy(1, -1, _ => Directive.Restart));
        Watch(child);
        child.Tell(Crash.With("restart"), TestActor);
        Fence(child);
        child.Tell(Crash.With("stop"), TestActor);
        ExpectTerminated(child);
    }

    [Fact]
    public void No_retries_means_stop()
    {
        var child = StartChildOf(new OneForOneStrategy(0, AnHour, _ => Directive.Restart));
        Watch(child);
        child.Tell(Crash.With("stop"), TestActor);
        ExpectTerminated(child);
    }

    [Fact]
    public void Without_a_limit_restarts_go_on()
    {
        var child = StartChildOf(Directive.Restart);
        foreach (var i in Enumerable.Range(0, 100)) child.Tell(Crash.With($"restart {i}"), TestActor);
        child.Tell(4, TestActor);
        Assert.Equal(4, Total(child));
    }

    [Fact]
    public void Each_child_has_its_own_count()
    {
        var parent = StartWorker(strategy: new OneForOneStrategy(1, AnHour, _ => Directive.Restart));
        var (a, b) = (StartChildWorker(parent), StartChildWorker(parent));
        a.Tell(Crash.With("a"), TestActor);
        b.Tell(Crash.With("b"), TestActor);
        Assert.Equal((0, 0), (Total(a), Total(b)));
    }

    [Fact]
    public void The_time_span_overload_means_the_same()
    {
        var strategy = new OneForOneStrategy(2, TimeSpan.FromHours(1), _ => Directive.Restart);
        Assert.Equal((2, AnHour), (strategy.MaxNumberOfRetries, strategy.WithinTimeRangeMilliseconds));
        var child = StartChildOf(strategy);
        Watch(child);
        foreach (var i in Enumerable.Range(0, 3)) child.Tell(Crash.With($"{i}"), TestActor);
        ExpectTerminated(child);
    }

    [Fact]
    public void By_default_an_actor_is_restarted()
    {
        var parent = StartWorker();
        var child = StartChildWorker(parent);
        child.Tell(5, TestActor);
        child.Tell(Crash.With("default"), TestActor);
        Assert.Equal(0, Total(child));
    }

    [Theory]
    [InlineData(typeof(TestFailure), Directive.Restart)]
    [InlineData(typeof(ActorInitializationException), Directive.Stop)]
    public void The_default_decider_restarts_all_but_what_cannot_work(Type type, Directive expected)
    {
        var error = (Exception)Activator.CreateInstance(type, "x")!;
        Assert.Equal(expected, SupervisorStrategy.DefaultDecider.Decide(error));
    }

    [Fact]
    public void A_failing_child_does_not_stop_its_parent_from_working()
    {
        var parent = StartWorker();
        var child = StartChildWorker(parent);
        foreach (var i in Enumerable.Range(0, 50))
        {
            child.Tell(Crash.With($"{i}"), TestActor);
            parent.Tell(1, TestActor);
        }

        Fence(child);
        Assert.Equal(50, Total(parent));
    }

    [Fact]
    public void A_failing_decider_fails_the_supervisor()
    {
        var parent = StartWorker(strategy: new OneForOneStrategy(_ => throw new TestFailure("cannot decide")));
        var child = StartChildWorker(parent);
        Watch(child);
        parent.Tell(5, TestActor);
        Assert.Equal(5, Total(parent));
        child.Tell(Crash.With("decide!"), TestActor);
        ExpectTerminated(child);
        Assert.Equal(0, Total(parent));
    }

    [Fact]
    public void While_the_parent_decides_the_child_handles_nothing()
    {
        var parent = StartWorker();
        var child = StartChildWorker(parent);
        using var gate = new ManualResetEventSlim();
        parent.Tell(new Run(_ => gate.Wait(Guard)), TestActor);
        child.Tell(Crash.With("waits"), TestActor);
        child.Tell("after", TestActor);
        ExpectNothingElse();
        gate.Set();
        ExpectMsg("after");
    }

    private IActorRef StartChildOf(Directive directive) => StartChildOf(new OneForOneStrategy(_ => directive));

    private IActorRef StartChildOf(SupervisorStrategy strategy) => StartChildWorker(StartWorker(strategy: strategy));
}
