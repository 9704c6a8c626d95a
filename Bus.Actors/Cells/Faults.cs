namespace Bus.Actors;

/// <summary>
/// What happens when an actor fails: it and its children are suspended, its supervisor is told and answers with resume,
/// recreate or stop. Every suspension is matched by one resume, whichever answer comes.
/// </summary>
internal static class Faults
{
    internal static void HandleInvokeFailure(ActorCell cell, Exception cause, LocalActorRef[]? childrenNotToSuspend = null, LocalActorRef? failedChild = null)
    {
        // A failure while one is being handled changes nothing: the supervisor's answer is under way.
        if (cell.FailedBy is not null)
        {
            if (failedChild is not null) JoinFailure(cell, failedChild);
            return;
        }

        try
        {
            cell.Mailbox.Suspend();
            cell.FailedBy = failedChild ?? cell.Self;
            foreach (var child in cell.Children)
            {
                if (ReferenceEquals(child, failedChild) || childrenNotToSuspend?.Contains(child) == true) continue;
                child.SendSystemMessage(new SuspendMessage());
            }

            cell.Self.Supervisor!.SendSystemMessage(new FailedMessage(cell.Self, cause));
        }
        catch (Exception second)
        {
            // Nobody is left to decide, so the actor stops rather than hang half failed.
            Lifecycle.Publish(cell, second, $"Emergency stop of {cell.Self.Path}: handling the failure '{cause.Message}' failed.");
            Lifecycle.Stop(cell);
        }
    }

    /// <summary>A child has failed: ask this actor's strategy; if it escalates, this actor fails with the child's cause.</summary>
    internal static void HandleFailed(ActorCell cell, LocalActorRef child, Exception cause)
    {
        // A child that was replaced since is no longer ours to decide on.
        if (cell.ExtrasOrNull?.ChildrenOrNull?.Contains(child) != true) return;
        var (message, sender) = (cell.CurrentMessage, cell.CurrentSender);
        cell.CurrentMessage = null;
        cell.CurrentSender = child;
        try
        {
            // Without an instance there is no strategy to ask: a child must not outlive a parent that is not there.
            var strategy = cell.Actor is { } actor
                ? cell.Extras.Strategy ??= actor.InvokeSupervisorStrategy() ?? SupervisorStrategy.DefaultStrategy
                : SupervisorStrategy.StoppingStrategy;
            if (!strategy.HandleFailure(cell, child, cause)) HandleInvokeFailure(cell, cause, failedChild: child);
        }
        catch (Exception decision)
        {
            HandleInvokeFailure(cell, decision, failedChild: child);
        }
        finally
        {
            (cell.CurrentMessage, cell.CurrentSender) = (message, sender);
        }
    }

    internal static void Suspend(ActorCell cell)
    {
        cell.Mailbox.Suspend();
        foreach (var child in cell.Children) child.SendSystemMessage(new SuspendMessage());
    }

    internal static void Resume(ActorCell cell, Exception? causedByFailure)
    {
        if (causedByFailure is not null && (cell.Actor is null || cell.IsCleared) && !cell.IsStopping && cell.ExtrasOrNull?.RestartCause is null)
        {
            // There is no instance to go on with: creation or a restart had failed.
            RetryCreate(cell, causedByFailure);
            return;
        }

        var perpetrator = cell.FailedBy;
        var joined = cell.ExtrasOrNull?.JoinedFailures;
        cell.Mailbox.Resume();
        if (causedByFailure is not null && !cell.IsStopping) ClearFailure(cell);
        foreach (var child in cell.Children)
        {
            var hasFailed = ReferenceEquals(child, perpetrator) || joined?.Contains(child) == true;
            child.SendSystemMessage(new ResumeMessage(hasFailed ? causedByFailure : null));
        }
    }

    internal static void Recreate(ActorCell cell, Exception cause)
    {
        if (cell.IsStopping || cell.ExtrasOrNull?.RestartCause is not null)
        {
            // It goes its way already; only the suspension that came with this order is undone.
            Resume(cell, null);
            return;
        }

        if (cell.Actor is not { } failed)
        {
            RetryCreate(cell, cause);
            return;
        }

        try
        {
            failed.InvokePreRestart(cause, ReferenceEquals(cell.FailedBy, cell.Self) ? cell.CurrentMessage : null);
        }
        catch (Exception hook)
        {
            var error = new PreRestartException(cell.Self, hook, cause);
            Lifecycle.Publish(cell, error, error.Message);
        }

        Lifecycle.Clear(cell);
        cell.Extras.RestartCause = cause;
        if (cell.ExtrasOrNull?.ChildrenOrNull?.WaitFor(AfterChildren.Recreate) != true) FinishRecreate(cell);
    }

    internal static void FinishRecreate(ActorCell cell)
    {
        var cause = cell.Extras.RestartCause!;
        cell.Extras.RestartCause = null;

        // The children that PreRestart kept, before the new instance creates others.
        var survivors = cell.Children;
        cell.Mailbox.Resume();
        ClearFailure(cell);
        try
        {
            cell.Actor = Lifecycle.NewInstance(cell);
            cell.Actor.InvokePostRestart(cause);
        }
        catch (Exception failure)
        {
            Lifecycle.Clear(cell);
            HandleInvokeFailure(cell, new PostRestartException(cell.Self, failure, cause), childrenNotToSuspend: survivors);
            return;
        }

        foreach (var child in survivors) child.SendSystemMessage(new RecreateMessage(cause));
    }

    internal static void FinishCreate(ActorCell cell)
    {
        cell.Extras.RestartCause = null;
        cell.Mailbox.Resume();
        ClearFailure(cell);
        try
        {
            Lifecycle.Create(cell);
        }
        catch (Exception cause)
        {
            HandleInvokeFailure(cell, cause);
        }
    }

    /// <summary>
    /// A child escalates to a parent that is failed already. The child was suspended twice, by its own failure and by its parent's; one of the two
    /// ends here, so that the one answer that its parent will get settles both.
    /// </summary>
    private static void JoinFailure(ActorCell cell, LocalActorRef child)
    {
        if (cell.IsStopping || ReferenceEquals(cell.FailedBy, child)) return;
        if ((cell.Extras.JoinedFailures ??= []).Add(child)) child.SendSystemMessage(new ResumeMessage(null));
    }

    private static void ClearFailure(ActorCell cell)
    {
        cell.FailedBy = null;
        if (cell.ExtrasOrNull is { } extras) extras.JoinedFailures = null;
    }

    private static void RetryCreate(ActorCell cell, Exception cause)
    {
        cell.Extras.RestartCause = cause;
        cell.ExtrasOrNull?.StopIdleTimer();
        Lifecycle.StopChildren(cell);
        if (cell.ExtrasOrNull?.ChildrenOrNull?.WaitFor(AfterChildren.Create) != true) FinishCreate(cell);
    }
}
