namespace Bus.Tests.Actors.Properties;

/// <summary>One node of the tree: starts its children when it starts, and does what its tickets say.</summary>
internal sealed class TreeActor : UntypedActor
{
    private readonly TreeNode _node;
    private readonly int _number;
    private readonly TreeRun _run;
    private readonly IActorRef _observer;
    private bool _restarting;
    private bool _stopped;

    public TreeActor(TreeNode node, int number, TreeRun run, IActorRef observer)
    {
        _node = node;
        _number = number;
        _run = run;
        _observer = observer;
        run.CountConstructed();
    }

    public static Props For(TreeNode node, int number, TreeRun run, IActorRef observer) => Props.Create(() => new TreeActor(node, number, run, observer));

    protected override SupervisorStrategy SupervisorStrategy()
    {
        var directive = _node.OnFailure;
        return new OneForOneStrategy(_ => directive);
    }

    protected override void PreStart()
    {
        _observer.Tell(new Started(_number), Self);
        var next = _number + 1;
        foreach (var child in _node.Children)
        {
            Context.ActorOf(For(child, next, _run, _observer), $"n{next}");
            next += child.Count;
        }
    }

    protected override void PreRestart(Exception reason, object message)
    {
        _restarting = true;
        base.PreRestart(reason, message);
    }

    /// <summary>Once; and again if it is stopped while its restart waits for its children.</summary>
    protected override void PostStop()
    {
        if (_stopped && !_restarting) _run.Faults.Add($"{Self}: PostStop twice");
        if (!_stopped) _run.CountPostStop();
        _stopped = true;
    }

    protected override void OnReceive(object message)
    {
        if (_stopped) _run.Faults.Add($"{Self}: {message} after PostStop");
        if (message is not Ticket ticket) return;
        switch (ticket.Kind)
        {
            case TreeCommandKind.Crash:
                _run.Fate(ticket.Number, "failed");
                throw new InvalidOperationException($"ticket {ticket.Number}");
            case TreeCommandKind.StopSelf:
                _run.Fate(ticket.Number, "handled");
                Context.Stop(Self);
                break;
            default:
                _run.Fate(ticket.Number, "handled");
                break;
        }
    }

    internal sealed record Started(int Number);
}

/// <summary>Watches every actor of the tree, and hears the dead letters.</summary>
internal sealed class TreeObserver : UntypedActor
{
    private readonly TreeRun _run;

    public TreeObserver(TreeRun run)
    {
        _run = run;
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case TreeActor.Started started:
                _run.Current[started.Number] = Sender;
                if (_run.Ends.TryAdd(Sender, 0)) Context.Watch(Sender);
                break;
            case Terminated terminated:
                _run.Ends.AddOrUpdate(terminated.ActorRef, 100, (_, n) => n + 1);
                break;
            case DeadLetter { Message: Ticket ticket }:
                _run.Fate(ticket.Number, "dead");
                break;
            case TaskCompletionSource fence:
                fence.SetResult();
                break;
        }
    }
}
