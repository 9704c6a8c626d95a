#nullable disable
namespace Bus.Actors;

/// <summary>How an actor deals with the failures of its children. Immutable and shareable between actors.</summary>
public abstract class SupervisorStrategy
{
    /// <summary>Stops a child that could not be created, was killed or ignored a Terminated; restarts it otherwise.</summary>
    public static readonly IDecider DefaultDecider = Actors.Decider.From(static cause => cause switch
    {
        ActorInitializationException or ActorKilledException or DeathPactException => Directive.Stop,
        _ => Directive.Restart,
    });

    /// <summary>One for one with the <see cref="DefaultDecider"/> and no limit; what an actor has that does not say otherwise.</summary>
    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    /// <summary>One for one that stops every child that fails.</summary>
    public static readonly OneForOneStrategy StoppingStrategy = new(static _ => Directive.Stop);

    private protected SupervisorStrategy()
    {
    }

    /// <summary>Chooses the directive for a failure.</summary>
    public abstract IDecider Decider { get; }

    /// <summary>Whether failures are published as log events; true by default.</summary>
    protected bool LoggingEnabled { get; set; } = true;

    /// <summary>Chooses the directive for the failure of a child.</summary>
    /// <param name="child">The child that failed.</param>
    /// <param name="exception">Why.</param>
    /// <returns>What to do with it.</returns>
    protected abstract Directive Handle(IActorRef child, Exception exception);

    internal abstract void Restart(ActorCell supervisor, LocalActorRef child, Exception cause);

    /// <summary>Carries out the decision; false if the failure is to be escalated.</summary>
    internal bool HandleFailure(ActorCell supervisor, LocalActorRef child, Exception cause)
    {
        var directive = Handle(child, cause);
        Log(supervisor, child, cause, directive);
        switch (directive)
        {
            case Directive.Resume:
                child.SendSystemMessage(new ResumeMessage(cause));
                return true;
            case Directive.Restart:
                Restart(supervisor, child, cause);
                return true;
            case Directive.Stop:
                supervisor.Stop(child);
                return true;
            default:
                return false;
        }
    }

    // An escalated failure is logged by whoever decides on it in the end.
    private void Log(ActorCell supervisor, LocalActorRef child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled || directive == Directive.Escalate) return;
        var message = cause is ActorInitializationException { InnerException: { } inner } ? inner.Message : cause.Message;
        supervisor.System.EventStream.Publish(directive == Directive.Resume
            ? new Warning(cause, child.Path.ToString(), GetType(), message)
            : new Error(cause, child.Path.ToString(), GetType(), message));
    }
}
