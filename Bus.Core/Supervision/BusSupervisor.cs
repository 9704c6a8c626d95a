using Bus.Core.Services;
using Bus.Core.State;
using Bus.Core.Topics;

namespace Bus.Core.Supervision;

/// <summary>
/// The root of a bus: <c>/user/bus</c>. It starts the topics and whatever else takes part (connections, the endpoint of
/// this process), keeps them going when they fail and owns the tables that have to outlive a restart.
/// </summary>
internal sealed class BusSupervisor(BusEnvironment environment) : UntypedActor
{
    private readonly TopicTable _topics = new();
    private readonly SystemServices _services = new();
    private IActorRef _topicManager = ActorRefs.Nobody;
    private IActorRef _sweeper = ActorRefs.Nobody;

    protected override void PreStart()
    {
        var (topics, shared) = (_topics, environment);
        _sweeper = DeadLetterSweeper.Start(Context, shared);
        _topicManager = Context.ActorOf(BusSystem.OnDataPath(Props.Create(() => new TopicManager(topics, shared))), "topics");
        _services.Start(Context, _topicManager, shared);
    }

    /// <summary>
    /// The parts go on with the next message: a restart would restart their children with them, which for the connections
    /// is the end, and would make the sweeper miss what comes meanwhile.
    /// </summary>
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(error => error is ActorInitializationException ? Directive.Restart : Directive.Resume);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StartPart start:
                start.ReplyTo.Tell(Context.ActorOf(start.Props, FreeName(start.Name)), Self);
                break;
            case GetHealth get:
                get.ReplyTo.Tell(new PartHealth(Problem: null, Context.GetChildren().Count()), Self);
                break;
            case GetGuardian get:
                get.ReplyTo.Tell(Context.Parent, Self);
                break;
            case GetTopics get:
                get.ReplyTo.Tell(_topicManager, Self);
                break;
            case Subscribe or Unsubscribe or UnsubscribeAll:
                // For the buses of this process, which exist before they could ask for the topic manager.
                _topicManager.Tell(message, ActorRefs.NoSender);
                break;
            case StopBus:
                _services.Stop(Context);
                break;
            case Terminated terminated when _services.Ended(terminated.ActorRef):
                if (!_services.HaveStopped) break;
                Context.Watch(_topicManager);
                Context.Stop(_topicManager);
                break;
            case Terminated terminated when terminated.ActorRef.Equals(_topicManager):
                // What was left in the topics' mailboxes is on its way to the sweeper: the pill comes behind it.
                Context.Watch(_sweeper);
                _sweeper.Tell(PoisonPill.Instance, Self);
                break;
            case Terminated:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Of several parts of one kind the second has a 2 behind its name.</summary>
    private static string FreeName(string name)
    {
        var free = name;
        for (var number = 2; !Context.Child(free).IsNobody(); number++) free = $"{name}-{number}";
        return free;
    }
}

/// <summary>Told to the bus supervisor: start this actor as a part of the bus. Answered with its ref.</summary>
internal sealed record StartPart(Props Props, string Name, IActorRef ReplyTo);

/// <summary>Told to the bus supervisor when nobody uses the bus any more: stops the services of the bus itself, then the topics, then what sweeps up behind them, then itself.</summary>
internal sealed class StopBus
{
    public static readonly StopBus Instance = new();
}

/// <summary>Told to the bus supervisor. Answered with the ref of the topic manager.</summary>
internal sealed record GetTopics(IActorRef ReplyTo);

/// <summary>Told to the bus supervisor. Answered with the ref of the actor above it.</summary>
internal sealed record GetGuardian(IActorRef ReplyTo);
