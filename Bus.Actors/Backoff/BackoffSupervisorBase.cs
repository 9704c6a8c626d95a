#nullable disable
namespace Bus.Actors;

/// <summary>What both kinds of backoff supervisor share: the child, the count of its starts, and passing messages on to it.</summary>
public abstract class BackoffSupervisorBase : ActorBase
{
    private protected BackoffSupervisorBase(object plan) => Plan = (BackoffPlan)plan;

    /// <summary>The child, or null while there is none.</summary>
    protected IActorRef Child { get; set; }

    /// <summary>How often the child has been started again since the delay was last reset.</summary>
    protected int RestartCountN { get; set; }

    /// <summary>Whether the child was sent a message after which it is not to be started again.</summary>
    protected bool FinalStopMessageReceived { get; set; }

    internal BackoffPlan Plan { get; }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        StartChild();
        base.PreStart();
    }

    /// <summary>Handles the supervisor's own messages and passes all others on to the child.</summary>
    /// <param name="message">The message.</param>
    /// <returns>True.</returns>
    protected bool HandleBackoff(object message)
    {
        switch (message)
        {
            case BackoffSupervisor.StartChild:
                StartChild();
                if (Plan.AutoReset is { } delay) ScheduleToSelf(delay, new BackoffSupervisor.ResetRestartCount(RestartCountN));
                break;
            case BackoffSupervisor.Reset when Plan.AutoReset is null:
                RestartCountN = 0;
                break;
            case BackoffSupervisor.Reset:
                Unhandled(message);
                break;
            case BackoffSupervisor.ResetRestartCount count:
                if (count.Current == RestartCountN) RestartCountN = 0;
                break;
            case BackoffSupervisor.GetRestartCount:
                Sender.Tell(new BackoffSupervisor.RestartCount(RestartCountN));
                break;
            case BackoffSupervisor.GetCurrentChild:
                Sender.Tell(new BackoffSupervisor.CurrentChild(Child));
                break;
            default:
                PassOn(message);
                break;
        }

        return true;
    }

    private protected void ScheduleToSelf(TimeSpan delay, object message) => Context.System.Scheduler.ScheduleTellOnce(delay, Self, message, Self);

    private void StartChild() => Child ??= Context.Watch(Context.ActorOf(Plan.ChildProps, Plan.ChildName));

    private void PassOn(object message)
    {
        if (Child is null)
        {
            if (Plan.ReplyWhileStopped is { } reply) Sender.Tell(reply);
            else Context.System.DeadLetters.Forward(message);
            if (Plan.FinalStopMessage?.Invoke(message) == true) Context.Stop(Self);
        }
        else if (Child.Equals(Sender))
        {
            // What the child says to its parent is meant for the one above.
            Context.Parent.Tell(message);
        }
        else
        {
            Child.Forward(message);
            FinalStopMessageReceived |= Plan.FinalStopMessage?.Invoke(message) == true;
        }
    }
}
