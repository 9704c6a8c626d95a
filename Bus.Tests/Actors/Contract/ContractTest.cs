namespace Bus.Tests.Actors.Contract;

/// <summary>What the contract tests share. They use nothing but the API subset, so that they can judge any runtime behind it.</summary>
public abstract class ContractTest : ActorTestKit
{
    private protected static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private protected static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    protected ContractTest(bool virtualTime = false)
        : base(virtualTime)
    {
    }

    /// <summary>A worker that logs to the test actor.</summary>
    protected IActorRef StartWorker(string? name = null, SupervisorStrategy? strategy = null) => Sys.ActorOf(Worker.With(TestActor, strategy), name);

    /// <summary>Starts a child in its parent's turn.</summary>
    protected IActorRef StartChild(IActorRef parent, Props props, string? name = null)
    {
        var probe = CreateTestProbe();
        parent.Tell(new Spawn(props, name), probe.Ref);
        return probe.ExpectMsg<IActorRef>();
    }

    protected IActorRef StartChildWorker(IActorRef parent, string? name = null) => StartChild(parent, Worker.With(TestActor), name);

    /// <summary>Returns when the actor has handled what it was sent so far.</summary>
    protected void Fence(IActorRef actor)
    {
        var probe = CreateTestProbe();
        actor.Tell(new Ping(), probe.Ref);
        probe.ExpectMsg<Pong>();
    }

    /// <summary>Runs code in the turn of a worker, and returns when it has run.</summary>
    protected void RunIn(IActorRef worker, Action<IActorContext> action)
    {
        worker.Tell(new Run(action), TestActor);
        Fence(worker);
    }

    protected int Total(IActorRef worker)
    {
        var probe = CreateTestProbe();
        worker.Tell(new GetTotal(), probe.Ref);
        return probe.ExpectMsg<int>();
    }

    /// <summary>Sees that nothing else was sent to the test actor: what this test itself sends now is the next to come.</summary>
    protected void ExpectNothingElse()
    {
        var fence = new object();
        TestActor.Tell(fence, TestActor);
        ExpectMsg<object>(message => ReferenceEquals(message, fence));
    }

    /// <summary>Stops an actor and waits for its end.</summary>
    protected void StopAndWait(IActorRef actor)
    {
        var probe = CreateTestProbe();
        probe.Watch(actor);
        Sys.Stop(actor);
        probe.ExpectTerminated(actor);
    }

    /// <summary>A probe that hears all events of a type.</summary>
    protected TestProbe Listen(params Type[] channels)
    {
        var probe = CreateTestProbe();
        foreach (var channel in channels) Sys.EventStream.Subscribe(probe.Ref, channel);
        return probe;
    }
}
