namespace Bus.Tests.Actors.Contract;

/// <summary>
/// The actor of most tests: adds up numbers (its state), runs code in its turn, starts children, fails on command, and passes everything else on
/// to a log, with itself as sender.
/// </summary>
public sealed class Worker : UntypedActor
{
    private readonly IActorRef _log;
    private readonly SupervisorStrategy? _strategy;
    private int _total;

    public Worker(IActorRef log, SupervisorStrategy? strategy)
    {
        _log = log;
        _strategy = strategy;
    }

    public static Props With(IActorRef log, SupervisorStrategy? strategy = null) => Props.Create(() => new Worker(log, strategy));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case int number:
                _total += number;
                break;
            case GetTotal:
                Sender.Tell(_total, Self);
                break;
            case Ping:
                Sender.Tell(Pong.Instance, Self);
                break;
            case Run run:
                run.Action(Context);
                break;
            case Spawn spawn:
                Sender.Tell(Context.ActorOf(spawn.Props, spawn.Name), Self);
                break;
            case Crash crash:
                throw crash.Reason;
            case NotForMe:
                Unhandled(message);
                break;
            default:
                _log.Tell(message, Self);
                break;
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => _strategy ?? base.SupervisorStrategy();
}

public sealed record GetTotal;

/// <summary>A question to see that an actor has done all before it; does not disturb its receive timeout.</summary>
public sealed record Ping : INotInfluenceReceiveTimeout;

public sealed record Pong
{
    public static readonly Pong Instance = new();
}

public sealed record Run(Action<IActorContext> Action);

public sealed record Spawn(Props Props, string? Name);

public sealed record NotForMe(string Text);

public sealed record Crash(Exception Reason)
{
    public static Crash With(string text) => new(new TestFailure(text));
}
