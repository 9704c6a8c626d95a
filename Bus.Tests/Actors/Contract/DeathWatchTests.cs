namespace Bus.Tests.Actors.Contract;

public sealed class DeathWatchTests : ContractTest
{
    [Fact]
    public void A_watcher_is_told_of_the_end()
    {
        var actor = StartWorker();
        Watch(actor);
        Sys.Stop(actor);
        var terminated = ExpectTerminated(actor);
        Assert.True(terminated.ExistenceConfirmed);
        Assert.False(terminated.AddressTerminated);
    }

    [Fact]
    public void Watching_twice_tells_once()
    {
        var actor = StartWorker();
        Watch(actor);
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        ExpectNothingElse();
    }

    [Fact]
    public void Every_watcher_is_told()
    {
        var actor = StartWorker();
        var probes = Enumerable.Range(0, 20).Select(_ => CreateTestProbe()).ToList();
        probes.ForEach(probe => probe.Watch(actor));
        Sys.Stop(actor);
        probes.ForEach(probe => probe.ExpectTerminated(actor));
    }

    [Fact]
    public void Watching_a_dead_actor_tells_at_once()
    {
        var actor = StartWorker();
        StopAndWait(actor);
        Watch(actor);
        ExpectTerminated(actor);
        ExpectNothingElse();
    }

    [Fact]
    public void WatchWith_tells_a_message_of_the_watchers_choice()
    {
        var watcher = StartWorker();
        var actor = StartWorker();
        RunIn(watcher, context => context.WatchWith(actor, "it is over"));
        Sys.Stop(actor);
        ExpectMsg("it is over");
        ExpectNothingElse();
    }

    [Fact]
    public void After_Unwatch_nothing_is_told()
    {
        var actor = StartWorker();
        Watch(actor);
        Unwatch(actor);
        StopAndWait(actor);
        ExpectNothingElse();
    }

    [Fact]
    public void Unwatch_takes_back_even_a_notice_that_is_queued()
    {
        var actor = StartWorker();
        var watcher = StartWorker();
        var otherProbe = CreateTestProbe();
        otherProbe.Watch(actor);
        RunIn(watcher, context =>
        {
            context.Watch(actor);
            Sys.Stop(actor);
            otherProbe.ExpectTerminated(actor);
            context.Unwatch(actor);
        });
        ExpectNothingElse();
    }

    [Fact]
    public void A_parent_that_hears_of_a_childs_end_no_longer_lists_it()
    {
        var parent = Sys.ActorOf(Props.Create(() => new ListsChildren(TestActor)));
        parent.Tell(3, TestActor);
        Assert.Equal([true, true, true], ReceiveN(3));
    }

    [Fact]
    public void A_notice_that_is_not_handled_fails_the_watcher()
    {
        var actor = StartWorker();
        var watcher = Sys.ActorOf(Props.Create(() => new HandlesNothing()));
        watcher.Tell(actor, TestActor);
        ExpectMsg("watching");
        Watch(watcher);
        EventFilter.Exception<DeathPactException>().ExpectOne(() => Sys.Stop(actor));
        ExpectTerminated(watcher);
    }

    [Fact]
    public void A_crashed_and_stopped_actor_is_told_of_as_well()
    {
        var parent = StartWorker(strategy: new OneForOneStrategy(_ => Directive.Stop));
        var child = StartChildWorker(parent);
        Watch(child);
        child.Tell(Crash.With("stop me"), TestActor);
        ExpectTerminated(child);
    }

    [Fact]
    public void Two_actors_can_watch_each_other()
    {
        var (a, b) = (StartWorker(), StartWorker());
        RunIn(a, context => context.WatchWith(b, "b ended"));
        RunIn(b, context => context.WatchWith(a, "a ended"));
        Watch(a);
        Sys.Stop(b);
        ExpectMsg("b ended");
        Sys.Stop(a);
        ExpectTerminated(a);
        ExpectNothingElse();
    }

    [Fact]
    public void What_an_actor_told_before_its_end_comes_before_the_notice()
    {
        var actor = StartWorker();
        Watch(actor);
        foreach (var i in Enumerable.Range(0, 100)) actor.Tell($"m{i}", TestActor);
        actor.Tell(PoisonPill.Instance, TestActor);
        var messages = ReceiveN(100);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"m{i}"), messages);
        ExpectTerminated(actor);
    }

    private sealed class ListsChildren : UntypedActor
    {
        private readonly IActorRef _log;

        public ListsChildren(IActorRef log)
        {
            _log = log;
        }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case int count:
                    var children = Enumerable.Range(0, count).Select(_ => Context.Watch(Context.ActorOf(Worker.With(_log)))).ToList();
                    children.ForEach(Context.Stop);
                    break;
                case Terminated terminated:
                    _log.Tell(!Context.GetChildren().Contains(terminated.ActorRef) && Context.Child(terminated.ActorRef.Path.Name).IsNobody(), Self);
                    break;
            }
        }
    }

    private sealed class HandlesNothing : ReceiveActor
    {
        public HandlesNothing()
        {
            Receive<IActorRef>(subject =>
            {
                Context.Watch(subject);
                Sender.Tell("watching", Self);
            });
        }
    }
}
