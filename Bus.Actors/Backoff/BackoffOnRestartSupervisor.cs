namespace Bus.Actors;

/// <summary>Turns each restart of its child into a stop, a growing delay and a new start.</summary>
internal sealed class BackoffOnRestartSupervisor : BackoffSupervisorBase
{
    /// <summary>The failed child whose end is waited for before the delay begins.</summary>
    private IActorRef? _failed;

    internal BackoffOnRestartSupervisor(BackoffPlan plan)
        : base(plan)
    {
    }

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(Plan.Strategy.MaxNumberOfRetries, Plan.Strategy.WithinTimeRangeMilliseconds, Decide);

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Terminated terminated when terminated.ActorRef.Equals(_failed):
                _failed = null;
                Child = null;
                ScheduleToSelf(Plan.Delay(RestartCountN), BackoffSupervisor.StartChild.Instance);
                RestartCountN++;
                return true;
            case Terminated terminated when terminated.ActorRef.Equals(Child):
                Context.Stop(Self);
                return true;
            case BackoffSupervisor.StartChild when _failed is not null:
                return true;
            default:
                return HandleBackoff(message);
        }
    }

    private Directive Decide(Exception cause)
    {
        var directive = Plan.Strategy.Decider.Decide(cause);
        if (directive != Directive.Restart) return directive;
        var window = Plan.Strategy.WithinTimeRangeMilliseconds;
        if (window > 0 && RestartCountN == 0) ScheduleToSelf(TimeSpan.FromMilliseconds(window), new BackoffSupervisor.ResetRestartCount(RestartCountN));
        var limit = Plan.Strategy.MaxNumberOfRetries;
        if (limit >= 0 && RestartCountN >= limit) Context.Stop(Self);
        else _failed = Sender;
        return Directive.Stop;
    }
}
