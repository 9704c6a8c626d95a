namespace Bus.Tests.Actors.Contract;

/// <summary>Tells a log which of its hooks ran, as "name hook". A restart goes through the default hooks unless <c>keepChildren</c> is set.</summary>
public sealed class Hooked : UntypedActor
{
    private readonly string _name;
    private readonly IActorRef _log;
    private readonly bool _keepChildren;

    public Hooked(string name, IActorRef log, bool keepChildren)
    {
        _name = name;
        _log = log;
        _keepChildren = keepChildren;
        Report("constructed");
    }

    public static Props With(string name, IActorRef log, bool keepChildren = false) => Props.Create(() => new Hooked(name, log, keepChildren));

    protected override void PreStart() => Report("PreStart");

    protected override void PostStop() => Report("PostStop");

    protected override void PreRestart(Exception reason, object message)
    {
        Report($"PreRestart {reason.Message} {message}");
        if (!_keepChildren) base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason)
    {
        Report($"PostRestart {reason.Message}");
        base.PostRestart(reason);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Spawn spawn:
                Sender.Tell(Context.ActorOf(spawn.Props, spawn.Name), Self);
                break;
            case Run run:
                run.Action(Context);
                break;
            case string text when text.StartsWith("fail", StringComparison.Ordinal):
                throw new TestFailure("because");
            case Ping:
                Sender.Tell(Pong.Instance, Self);
                break;
            default:
                Report($"got {message}");
                break;
        }
    }

    private void Report(string text) => _log.Tell($"{_name} {text}", Self);
}
