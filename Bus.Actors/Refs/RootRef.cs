namespace Bus.Actors;

/// <summary>
/// The root of the tree, above /user and /system. It is no actor: it learns that a guardian has stopped, which moves the
/// termination on, and it takes a failure that a guardian escalates, which terminates the system after an error event.
/// </summary>
internal sealed class RootRef(ActorSystemImpl owner) : InternalActorRef(owner)
{
    public override ActorPath Path => Owner.RootPath;

    public override void Tell(object message, IActorRef? sender) => Owner.DeadLetterRef.Publish(message, sender, this);

    public override void SendSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case DeathWatchNotification notification:
                Owner.GuardianStopped(notification.Actor);
                break;
            case FailedMessage failed:
                Owner.EventStream.Publish(new Error(
                    failed.Cause,
                    failed.Child.Path.ToString(),
                    typeof(RootRef),
                    $"A failure reached the root of the actor system and stops it: {failed.Cause.Message}"));
                _ = Owner.Terminate();
                break;
            default:
                message.InvokeDead(this);
                break;
        }
    }
}
