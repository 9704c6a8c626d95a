#nullable disable
namespace Bus.Actors;

/// <summary>An actor with one method for all messages, usually a switch over their types. The fastest kind.</summary>
public abstract class UntypedActor : ActorBase
{
    /// <summary>The context of the actor whose turn it is on this thread.</summary>
    protected static new IUntypedActorContext Context => CurrentCell;

    /// <inheritdoc/>
    protected sealed override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    /// <summary>Runs asynchronous code as part of the message in hand: no other message is handled before its task is done.</summary>
    /// <param name="action">The code; Context, Self and Sender are valid in its continuations.</param>
    protected void RunTask(Func<Task> action) => AsyncTurn.Run(action, static run => run());

    /// <summary>Handles a message; calls Unhandled for one that it does not know.</summary>
    /// <param name="message">The message.</param>
    protected abstract void OnReceive(object message);

    /// <summary>Replaces the behaviour.</summary>
    /// <param name="receive">What handles messages from now on.</param>
    protected void Become(UntypedReceive receive) => CurrentCell.Become(receive);

    /// <summary>Puts a behaviour on top of the present one.</summary>
    /// <param name="receive">What handles messages until it is popped.</param>
    protected void BecomeStacked(UntypedReceive receive) => CurrentCell.BecomeStacked(receive);
}
