namespace Bus.Tests.Actors.Simulation;

/// <summary>A failure that brings along what each supervisor on its way up decides.</summary>
internal sealed class Fault(params Directive[] directives) : Exception("injected")
{
    private int _level;

    internal Directive Next() => _level < directives.Length ? directives[_level++] : Directive.Restart;
}

internal sealed record Spawn;

internal sealed record Fail(Directive[] Directives);

internal sealed record Ping;

/// <summary>What the nodes of one run share: they run on one thread, so it needs no lock.</summary>
internal sealed class FaultyWorld(Random random)
{
    internal Random Random => random;

    internal List<IActorRef> Nodes { get; } = [];

    internal HashSet<IActorRef> Answered { get; } = [];

    internal int Started { get; set; }

    internal int Stopped { get; set; }

    internal Directive AnyDirective() => (Directive)random.Next(4);
}

/// <summary>A node of a tree that fails on command, and now and then in its constructor and its hooks.</summary>
internal sealed class FaultyNode : UntypedActor
{
    private readonly FaultyWorld _world;
    private bool _started;
    private bool _stopped;

    public FaultyNode(FaultyWorld world)
    {
        _world = world;
        if (world.Random.Next(12) == 0) throw new Fault(world.AnyDirective());
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(5, null, Decide);

    protected override void PreStart()
    {
        if (_world.Random.Next(20) == 0) throw new Fault(_world.AnyDirective());
        if (_world.Random.Next(4) == 0) _world.Nodes.Add(Context.ActorOf(Props.Create(() => new FaultyNode(_world))));
        _world.Started++;
        _started = true;
    }

    protected override void PreRestart(Exception reason, object message)
    {
        if (_world.Random.Next(2) == 0) base.PreRestart(reason, message);
        else PostStop();
        if (_world.Random.Next(10) == 0) throw new InvalidOperationException("injected into PreRestart");
    }

    /// <summary>May come again, if a stop meets a restart, or to an instance that failed to begin.</summary>
    protected override void PostStop()
    {
        if (_started && !_stopped) _world.Stopped++;
        _stopped = true;
        if (ActorCell.Current is { IsStopping: true } cell) Assert.Empty(cell.Children);
        if (_world.Random.Next(10) == 0) throw new InvalidOperationException("injected into PostStop");
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Spawn:
                _world.Nodes.Add(Context.ActorOf(Props.Create(() => new FaultyNode(_world))));
                break;
            case Fail fail:
                throw new Fault(fail.Directives);
            case Ping:
                _world.Answered.Add(Self);
                break;
        }
    }

    private Directive Decide(Exception cause) => cause switch
    {
        Fault fault => fault.Next(),
        _ when _world.Random.Next(30) == 0 => throw new InvalidOperationException("injected into the decider"),
        _ => _world.AnyDirective(),
    };
}
