#nullable disable
namespace Bus.Actors;

/// <summary>Stopping an actor and waiting for its end.</summary>
public static class GracefulStopSupport
{
    /// <summary>Sends <see cref="PoisonPill"/> and waits until the actor has terminated.</summary>
    /// <param name="target">The actor.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <returns>True if it terminated in time.</returns>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>Sends a message that makes the actor stop and waits until it has terminated.</summary>
    /// <param name="target">The actor.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="stopMessage">The message.</param>
    /// <returns>True if it terminated in time.</returns>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        if (target is not IInternalActorRef watched) throw new InvalidOperationException($"{target} can't be stopped: it is no actor that can be watched.");
        var end = new TerminationRef(watched.Owner);
        watched.SendSystemMessage(new WatchMessage(watched, end));
        target.Tell(stopMessage, ActorRefs.NoSender);
        try
        {
            await end.Stopped.WaitAsync(timeout, watched.Owner.TimeProvider);
            return true;
        }
        catch (TimeoutException)
        {
            watched.SendSystemMessage(new UnwatchMessage(end));
            return false;
        }
    }
}

/// <summary>Waits for the end of one actor: a watcher without an actor.</summary>
internal sealed class TerminationRef(ActorSystemImpl owner) : InternalActorRef(owner)
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ActorPath _path;

    internal Task Stopped => _stopped.Task;

    public override ActorPath Path => _path ??= Owner.TempPath.Child(Owner.NextTempName());

    public override void Tell(object message, IActorRef sender) => Owner.DeadLetterRef.Publish(message, sender, this);

    public override void SendSystemMessage(SystemMessage message)
    {
        if (message is DeathWatchNotification) _stopped.TrySetResult();
    }
}
