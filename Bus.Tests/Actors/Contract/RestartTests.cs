namespace Bus.Tests.Actors.Contract;

public sealed class RestartTests : ContractTest
{
    [Fact]
    public void A_restart_runs_the_hooks_in_their_order()
    {
        var actor = Sys.ActorOf(Hooked.With("a", TestActor));
        ReceiveN(2);
        actor.Tell("fail", TestActor);
        Assert.Equal(
            ["a PreRestart because fail", "a PostStop", "a constructed", "a PostRestart because", "a PreStart"],
            ReceiveN(5));
    }

    [Fact]
    public void A_restart_loses_the_state_and_keeps_the_ref()
    {
        var actor = StartWorker();
        actor.Tell(5, TestActor);
        Assert.Equal(5, Total(actor));
        actor.Tell(Crash.With("state"), TestActor);
        Assert.Equal(0, Total(actor));
    }

    [Fact]
    public void A_restart_keeps_the_mailbox_and_drops_only_the_failed_message()
    {
        var actor = Sys.ActorOf(Hooked.With("a", TestActor));
        ReceiveN(2);
        actor.Tell(new Run(context =>
        {
            foreach (var text in (string[])["one", "fail here", "two", "three"]) context.Self.Tell(text, context.Self);
        }), TestActor);
        var log = ReceiveN(8);
        Assert.Equal(["a got one", "a got two", "a got three"], log.Where(l => ((string)l).Contains("got", StringComparison.Ordinal)));
        Assert.Equal("a got one", log.First());
        ExpectNothingElse();
    }

    [Fact]
    public void By_default_the_children_are_stopped_before_the_new_life_begins()
    {
        var parent = Sys.ActorOf(Hooked.With("parent", TestActor));
        var child = StartChild(parent, Hooked.With("child", TestActor));
        var stubborn = StartChild(child, Hooked.With("grandchild", TestActor));
        ReceiveN(6);
        parent.Tell("fail", TestActor);
        var log = ReceiveN(7).Cast<string>().ToList();
        Assert.True(log.IndexOf("grandchild PostStop") < log.IndexOf("child PostStop"));
        Assert.True(log.IndexOf("child PostStop") < log.IndexOf("parent constructed"));
        Assert.NotNull(stubborn);
        Fence(parent);
    }

    [Fact]
    public void A_parent_that_keeps_its_children_restarts_them()
    {
        var parent = Sys.ActorOf(Hooked.With("parent", TestActor, keepChildren: true));
        var child = StartChild(parent, Worker.With(TestActor), "child");
        ReceiveN(2);
        child.Tell(5, TestActor);
        Assert.Equal(5, Total(child));
        parent.Tell("fail", TestActor);
        Assert.Equal(["parent PreRestart because fail", "parent constructed", "parent PostRestart because", "parent PreStart"], ReceiveN(4));
        Assert.Equal(0, Total(child));
        IActorRef? found = null;
        parent.Tell(new Run(context => found = context.Child("child")), TestActor);
        Fence(parent);
        Assert.Equal(child, found);
    }

    [Fact]
    public void The_reason_and_the_message_are_told_to_PreRestart()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Witness(TestActor)));
        var crash = Crash.With("evidence");
        actor.Tell(crash, TestActor);
        var (reason, message) = ExpectMsg<(Exception, object)>();
        Assert.Same(crash.Reason, reason);
        Assert.Same(crash, message);
    }

    [Fact]
    public void A_watcher_hears_nothing_of_a_restart()
    {
        var actor = StartWorker();
        Watch(actor);
        actor.Tell(Crash.With("unseen"), TestActor);
        Fence(actor);
        ExpectNothingElse();
        Sys.Stop(actor);
        ExpectTerminated(actor);
    }

    [Fact]
    public void What_the_actor_watched_it_watches_after_a_restart()
    {
        var watched = StartWorker();
        var actor = Sys.ActorOf(Hooked.With("a", TestActor));
        ReceiveN(2);
        actor.Tell(new Run(context => context.Watch(watched)), TestActor);
        actor.Tell("fail", TestActor);
        ReceiveN(5);
        Fence(actor);
        Sys.Stop(watched);
        Assert.StartsWith("a got", ExpectMsg<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_in_PreRestart_is_logged_and_the_restart_goes_on()
    {
        var actor = Sys.ActorOf(Props.Create(() => new FailingHooks("PreRestart", TestActor)));
        EventFilter.Exception<PreRestartException>().ExpectOne(() => actor.Tell(Crash.With("first"), TestActor));
        actor.Tell("still there", TestActor);
        ExpectMsg("still there");
    }

    [Fact]
    public void An_error_in_PostRestart_is_a_failure_that_stops_by_default()
    {
        var actor = Sys.ActorOf(Props.Create(() => new FailingHooks("PostRestart", TestActor)));
        Watch(actor);
        EventFilter.Exception<PostRestartException>().ExpectOne(() => actor.Tell(Crash.With("first"), TestActor));
        ExpectTerminated(actor);
    }

    [Fact]
    public void An_error_in_PreStart_is_a_failed_initialisation_that_stops_by_default()
    {
        EventFilter.Exception<ActorInitializationException>().ExpectOne(() => Watch(Sys.ActorOf(Props.Create(() => new FailingHooks("PreStart", TestActor)))));
        ExpectMsg<Terminated>();
    }

    [Fact]
    public void An_error_in_the_constructor_is_a_failed_initialisation_that_stops_by_default()
    {
        EventFilter.Exception<ActorInitializationException>().ExpectOne(() => Watch(Sys.ActorOf(Props.Create(() => new FailingHooks("constructor", TestActor)))));
        ExpectMsg<Terminated>();
    }

    [Fact]
    public void What_was_told_to_an_actor_that_never_started_becomes_dead_letters()
    {
        var letters = Listen(typeof(DeadLetter));
        var actor = Sys.ActorOf(Props.Create(() => new FailingHooks("constructor", TestActor)));
        actor.Tell("lost", TestActor);
        Assert.Equal("lost", letters.ExpectMsg<DeadLetter>().Message);
    }

    private sealed class Witness : UntypedActor
    {
        private readonly IActorRef _log;

        public Witness(IActorRef log)
        {
            _log = log;
        }

        protected override void PreRestart(Exception reason, object message) => _log.Tell((reason, message), Self);

        protected override void OnReceive(object message) => throw ((Crash)message).Reason;
    }

    private sealed class FailingHooks : UntypedActor
    {
        private readonly string _where;
        private readonly IActorRef _log;

        public FailingHooks(string where, IActorRef log)
        {
            _where = where;
            _log = log;
            FailIn("constructor");
        }

        protected override void PreStart() => FailIn("PreStart");

        protected override void PreRestart(Exception reason, object message) => FailIn("PreRestart");

        protected override void PostRestart(Exception reason) => FailIn("PostRestart");

        protected override void OnReceive(object message)
        {
            if (message is Crash crash) throw crash.Reason;
            _log.Tell(message, Self);
        }

        private void FailIn(string place)
        {
            if (_where == place) throw new TestFailure($"in {place}");
        }
    }
}
