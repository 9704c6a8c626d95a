namespace Bus.Actors;

/// <summary>
/// A message of the runtime itself, served before user messages even while the mailbox is suspended. It is a node of the
/// mailbox's lock-free list, so one object may be sent to one actor only.
/// </summary>
internal abstract class SystemMessage
{
    internal SystemMessage? Next { get; set; }

    /// <summary>Runs in the actor's turn.</summary>
    internal abstract void Invoke(ActorCell cell);

    /// <summary>Runs instead of <see cref="Invoke"/>, on any thread, when the target no longer exists.</summary>
    internal virtual void InvokeDead(IInternalActorRef target)
    {
    }
}

internal sealed class CreateMessage : SystemMessage
{
    internal override void Invoke(ActorCell cell) => Lifecycle.Create(cell);
}

internal sealed class SuspendMessage : SystemMessage
{
    internal override void Invoke(ActorCell cell) => Faults.Suspend(cell);
}

internal sealed class ResumeMessage(Exception? causedByFailure) : SystemMessage
{
    internal override void Invoke(ActorCell cell) => Faults.Resume(cell, causedByFailure);
}

internal sealed class RecreateMessage(Exception cause) : SystemMessage
{
    internal override void Invoke(ActorCell cell) => Faults.Recreate(cell, cause);
}

internal sealed class StopMessage : SystemMessage
{
    internal override void Invoke(ActorCell cell) => Lifecycle.Stop(cell);
}

internal sealed class WatchMessage(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    internal override void Invoke(ActorCell cell) => cell.Extras.Watch.AddWatcher(watcher);

    internal override void InvokeDead(IInternalActorRef target) =>
        watcher.SendSystemMessage(new DeathWatchNotification(watchee, existenceConfirmed: false));
}

internal sealed class UnwatchMessage(IInternalActorRef watcher) : SystemMessage
{
    internal override void Invoke(ActorCell cell) => cell.ExtrasOrNull?.WatchOrNull?.RemoveWatcher(watcher);
}

internal sealed class FailedMessage(LocalActorRef child, Exception cause) : SystemMessage
{
    internal LocalActorRef Child => child;

    internal Exception Cause => cause;

    internal override void Invoke(ActorCell cell) => Faults.HandleFailed(cell, child, cause);
}

/// <summary>Tells a supervisor or a watcher that an actor has stopped for good.</summary>
internal sealed class DeathWatchNotification(IInternalActorRef actor, bool existenceConfirmed) : SystemMessage
{
    internal IInternalActorRef Actor => actor;

    internal override void Invoke(ActorCell cell)
    {
        cell.ExtrasOrNull?.WatchOrNull?.Stopped(cell, actor, existenceConfirmed);
        if (actor is LocalActorRef child) Lifecycle.ChildStopped(cell, child);
    }
}
