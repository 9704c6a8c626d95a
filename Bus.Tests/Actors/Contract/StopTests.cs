namespace Bus.Tests.Actors.Contract;

public sealed class StopTests : ContractTest
{
    [Fact]
    public void The_start_runs_constructor_then_PreStart_then_messages()
    {
        var actor = Sys.ActorOf(Hooked.With("a", TestActor));
        actor.Tell("x", TestActor);
        Assert.Equal(["a constructed", "a PreStart", "a got x"], ReceiveN(3));
    }

    [Fact]
    public void Stop_ends_with_PostStop()
    {
        var actor = Sys.ActorOf(Hooked.With("a", TestActor));
        ReceiveN(2);
        Watch(actor);
        Sys.Stop(actor);
        ExpectMsg("a PostStop");
        ExpectTerminated(actor);
    }

    [Fact]
    public void An_actor_can_stop_itself_and_finishes_its_message()
    {
        var actor = StartWorker();
        var target = TestActor;
        Watch(actor);
        actor.Tell(new Run(context =>
        {
            context.Stop(context.Self);
            target.Tell("after the stop", context.Self);
        }), TestActor);
        actor.Tell("too late", TestActor);
        ExpectMsg("after the stop");
        ExpectTerminated(actor);
        ExpectNothingElse();
    }

    [Fact]
    public void What_was_queued_behind_a_stop_becomes_dead_letters_in_order()
    {
        var letters = Listen(typeof(DeadLetter));
        var actor = StartWorker();
        actor.Tell(new Run(context =>
        {
            foreach (var i in Enumerable.Range(0, 10)) context.Self.Tell($"m{i}", context.Self);
            context.Stop(context.Self);
        }), TestActor);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"m{i}"), letters.ReceiveN(10).Cast<DeadLetter>().Select(l => l.Message));
    }

    [Fact]
    public void A_poison_pill_stops_after_what_was_queued_before_it()
    {
        var actor = StartWorker();
        Watch(actor);
        actor.Tell("one", TestActor);
        actor.Tell("two", TestActor);
        actor.Tell(PoisonPill.Instance, TestActor);
        ExpectMsg("one");
        ExpectMsg("two");
        ExpectTerminated(actor);
    }

    [Fact]
    public void Kill_fails_the_actor_which_stops_it_by_default()
    {
        var actor = StartWorker();
        Watch(actor);
        EventFilter.Exception<ActorKilledException>().ExpectOne(() => actor.Tell(Kill.Instance, TestActor));
        ExpectTerminated(actor);
    }

    [Fact]
    public void The_supervisor_decides_what_a_kill_does()
    {
        var parent = StartWorker(strategy: new OneForOneStrategy(_ => Directive.Resume));
        var child = StartChildWorker(parent);
        child.Tell(5, TestActor);
        child.Tell(Kill.Instance, TestActor);
        Assert.Equal(5, Total(child));
    }

    [Fact]
    public void Children_are_stopped_before_PostStop_of_their_parent()
    {
        var grandparent = Sys.ActorOf(Hooked.With("grandparent", TestActor));
        var parent = StartChild(grandparent, Hooked.With("parent", TestActor));
        StartChild(parent, Hooked.With("child", TestActor));
        ReceiveN(6);
        Watch(grandparent);
        Sys.Stop(grandparent);
        Assert.Equal(["child PostStop", "parent PostStop", "grandparent PostStop"], ReceiveN(3));
        ExpectTerminated(grandparent);
    }

    [Fact]
    public void A_parent_stops_one_child_and_keeps_the_others()
    {
        var parent = StartWorker();
        var (first, second) = (StartChildWorker(parent), StartChildWorker(parent));
        Watch(first);
        RunIn(parent, context => context.Stop(first));
        ExpectTerminated(first);
        Fence(second);
        AwaitAssert(() => RunIn(parent, context => Assert.Equal([second], context.GetChildren())));
    }

    [Fact]
    public void Stopping_twice_is_stopping_once()
    {
        var actor = Sys.ActorOf(Hooked.With("a", TestActor));
        ReceiveN(2);
        Watch(actor);
        Sys.Stop(actor);
        Sys.Stop(actor);
        ExpectMsg("a PostStop");
        ExpectTerminated(actor);
        Sys.Stop(actor);
        ExpectNothingElse();
    }

    [Fact]
    public async Task A_graceful_stop_completes_with_true_when_the_actor_has_ended()
    {
        var actor = StartWorker();
        actor.Tell("before", TestActor);
        Assert.True(await actor.GracefulStop(Guard));
        await ExpectMsgAsync("before");
    }

    [Fact]
    public async Task A_graceful_stop_can_use_another_message()
    {
        var actor = StartWorker();
        Assert.True(await actor.GracefulStop(Guard, new Run(context => context.Stop(context.Self))));
    }

    [Fact]
    public async Task A_graceful_stop_of_a_dead_actor_is_true()
    {
        var actor = StartWorker();
        StopAndWait(actor);
        Assert.True(await actor.GracefulStop(Guard));
    }

    [Fact]
    public async Task A_graceful_stop_that_takes_too_long_completes_with_false()
    {
        var actor = StartWorker();
        Assert.False(await actor.GracefulStop(TimeSpan.FromMilliseconds(30), "ignored"));
        await ExpectMsgAsync("ignored");
    }

    [Fact]
    public void An_error_in_PostStop_is_logged_and_the_actor_still_ends()
    {
        var actor = Sys.ActorOf(Props.Create(() => new FailsInPostStop()));
        Watch(actor);
        EventFilter.Exception<TestFailure>("in PostStop").ExpectOne(() => Sys.Stop(actor));
        ExpectTerminated(actor);
    }

    private sealed class FailsInPostStop : UntypedActor
    {
        protected override void PostStop() => throw new TestFailure("in PostStop");

        protected override void OnReceive(object message)
        {
        }
    }
}
