namespace Bus.Actors;

/// <summary>Creation and termination of an actor, each a step in the actor's own turn.</summary>
internal static class Lifecycle
{
    internal static void Create(ActorCell cell)
    {
        try
        {
            cell.Actor = NewInstance(cell);
            cell.Actor.InvokePreStart();
        }
        catch (Exception cause)
        {
            Clear(cell);
            cell.Actor = null;
            throw cause is ActorInitializationException initialization
                ? initialization
                : new ActorInitializationException(cell.Self, $"Creating the actor {cell.Self.Path} failed: {cause.Message}", cause);
        }
    }

    internal static ActorBase NewInstance(ActorCell cell)
    {
        cell.IsCleared = false;
        if (cell.ExtrasOrNull is { } extras) extras.Strategy = null;
        var actor = cell.Props.NewActor()
            ?? throw new ActorInitializationException(cell.Self, $"The Props of {cell.Self.Path} made null instead of an actor.");
        if (cell.Props.SupervisorStrategy is { } strategy) cell.Extras.Strategy = strategy;
        if (actor is IWithTimers withTimers) withTimers.Timers = cell.Extras.Timers = new TimerScheduler(cell);
        actor.Constructed();
        return actor;
    }

    /// <summary>
    /// Takes its context from an instance whose life is over. It stays the cell's actor until there is a next one: a stop that comes before that calls
    /// its PostStop, as on Akka, even if its PreRestart has done so.
    /// </summary>
    internal static void Clear(ActorCell cell)
    {
        cell.IsCleared = true;
        cell.Behaviour = null;
        cell.CurrentMessage = null;
        cell.ExtrasOrNull?.ClearInstance();
    }

    /// <summary>Stops the children, then, at once or when the last of them is gone, the actor itself.</summary>
    internal static void Stop(ActorCell cell)
    {
        var extras = cell.ExtrasOrNull;
        extras?.StopIdleTimer();
        extras?.WatchOrNull?.UnwatchAll(cell);
        StopChildren(cell);
        var wasStopping = cell.IsStopping;
        cell.IsStopping = true;
        if (extras?.ChildrenOrNull is { } children && children.WaitFor(AfterChildren.Stop))
        {
            if (wasStopping) return;

            // No user message while the children stop, and no failure to the supervisor any more.
            cell.Mailbox.Suspend();
            cell.FailedBy = cell.Self;
        }
        else
        {
            FinishStop(cell);
        }
    }

    internal static void StopChildren(ActorCell cell)
    {
        foreach (var child in cell.Children) cell.Stop(child);
    }

    /// <summary>
    /// The order matters: the hook runs while the mailbox is open, the mailbox closes before anyone is told, and the
    /// supervisor is told before the watchers, so that a watcher that reacts finds the name free as soon as possible.
    /// </summary>
    internal static void FinishStop(ActorCell cell)
    {
        cell.IsStopping = true;
        try
        {
            cell.Actor?.InvokePostStop();
        }
        catch (Exception cause)
        {
            Publish(cell, cause, $"PostStop of {cell.Self.Path} failed: {cause.Message}");
        }

        cell.Mailbox.Close();
        var extras = cell.ExtrasOrNull;
        cell.Self.Supervisor!.SendSystemMessage(new DeathWatchNotification(cell.Self, existenceConfirmed: true));
        extras?.WatchOrNull?.TellWatchers(cell);
        extras?.WatchOrNull?.UnwatchAll(cell);
        extras?.StopIdleTimer();
        Clear(cell);
        cell.Actor = null;
        cell.FailedBy = null;
        cell.EndOfRun();
    }

    /// <summary>A child is gone: its name is free, and what waited for the last stopping child goes on.</summary>
    internal static void ChildStopped(ActorCell cell, LocalActorRef child)
    {
        switch (cell.ExtrasOrNull?.ChildrenOrNull?.Remove(child))
        {
            case AfterChildren.Recreate:
                Faults.FinishRecreate(cell);
                break;
            case AfterChildren.Create:
                Faults.FinishCreate(cell);
                break;
            case AfterChildren.Stop:
                FinishStop(cell);
                break;
        }
    }

    internal static void Publish(ActorCell cell, Exception cause, string message) =>
        cell.System.EventStream.Publish(new Error(cause, cell.Self.Path.ToString(), cell.Actor?.GetType() ?? typeof(ActorCell), message));
}
