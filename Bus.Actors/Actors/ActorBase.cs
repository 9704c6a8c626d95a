#nullable disable
namespace Bus.Actors;

/// <summary>
/// The base of all actors. Everything here runs in the actor's own turn: one message at a time, never two threads at once, so
/// the fields of an actor need no lock. Create actors with <see cref="Props"/>, never with new.
/// </summary>
public abstract class ActorBase
{
    /// <summary>Checks that the runtime makes this instance.</summary>
    /// <exception cref="ActorInitializationException">The actor was created with new outside a Props.</exception>
    protected ActorBase()
    {
        if (ActorCell.Current is null)
        {
            throw new ActorInitializationException(
                $"{GetType()} can't be created with new outside an actor: pass Props.Create(() => new {GetType().Name}(...)) to ActorOf.");
        }
    }

    /// <summary>The context of the actor whose turn it is on this thread.</summary>
    /// <exception cref="NotSupportedException">
    /// It is no actor's turn: a continuation or a callback left it. Or this instance has been restarted already, and one of its hooks runs once more.
    /// </exception>
    protected static IActorContext Context => CurrentCell;

    /// <summary>This actor's reference; the dead letters once this instance has been restarted.</summary>
    protected IActorRef Self => ActorCell.Current is { IsCleared: true } cleared ? cleared.System.DeadLetters : CurrentCell.Self;

    /// <summary>Who sent the message in hand; the dead letters if nobody did.</summary>
    protected IActorRef Sender => CurrentCell.Sender;

    internal static ActorCell CurrentCell => ActorCell.Current is { IsCleared: false } cell ? cell : throw NoContext();

    /// <summary>Handles a message.</summary>
    /// <param name="message">The message.</param>
    /// <returns>False if it is none that this actor handles.</returns>
    protected abstract bool Receive(object message);

    /// <summary>Called for a message that is not handled. Publishes <see cref="UnhandledMessage"/> on the event stream.</summary>
    /// <param name="message">The message.</param>
    /// <exception cref="DeathPactException">The message is <see cref="Terminated"/>: whoever watches must handle it.</exception>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated) throw new DeathPactException(terminated.ActorRef);
        var cell = CurrentCell;
        cell.System.EventStream.Publish(new UnhandledMessage(message, cell.Sender, cell.Self));
    }

    /// <summary>Replaces the behaviour.</summary>
    /// <param name="receive">What handles messages from now on.</param>
    protected void Become(Receive receive) => CurrentCell.Become(receive);

    /// <summary>Puts a behaviour on top of the present one.</summary>
    /// <param name="receive">What handles messages until <see cref="UnbecomeStacked"/>.</param>
    protected void BecomeStacked(Receive receive) => CurrentCell.BecomeStacked(receive);

    /// <summary>Goes back to the behaviour below.</summary>
    protected void UnbecomeStacked() => CurrentCell.UnbecomeStacked();

    /// <summary>Asks for a <see cref="ReceiveTimeout"/> message whenever no message came for a while.</summary>
    /// <param name="timeout">How long; null to switch it off.</param>
    protected void SetReceiveTimeout(TimeSpan? timeout) => CurrentCell.SetReceiveTimeout(timeout);

    /// <summary>Called before the first message.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>Called on the failed instance before it is replaced. By default unwatches and stops all children and calls <see cref="PostStop"/>.</summary>
    /// <param name="reason">The failure.</param>
    /// <param name="message">The message that was being handled, or null.</param>
    protected virtual void PreRestart(Exception reason, object message)
    {
        var cell = CurrentCell;
        foreach (var child in cell.Children)
        {
            cell.Unwatch(child);
            cell.Stop(child);
        }

        PostStop();
    }

    /// <summary>Called on the new instance after a restart. By default calls <see cref="PreStart"/>.</summary>
    /// <param name="reason">The failure that led to the restart.</param>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>Called after the last message, when all children have stopped.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>How this actor deals with failures of its children.</summary>
    /// <returns>The strategy; asked for once per instance.</returns>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actors.SupervisorStrategy.DefaultStrategy;

    /// <summary>Called when the constructor is done.</summary>
    internal virtual void Constructed()
    {
    }

    private static NotSupportedException NoContext() => new(
        ActorCell.Current is { } cleared
            ? $"There is no active actor context: this instance of {cleared.Self.Path} has been restarted, or failed to begin."
            : "There is no active actor context: Context, Self and Sender are only there in the actor's own turn. "
                + "Copy what you need into a local variable before an await or a callback, or come back with PipeTo(Self).");

    internal bool InvokeReceive(object message) => Receive(message);

    internal void InvokeUnhandled(object message) => Unhandled(message);

    internal void InvokePreStart() => PreStart();

    internal void InvokePreRestart(Exception reason, object message) => PreRestart(reason, message);

    internal void InvokePostRestart(Exception reason) => PostRestart(reason);

    internal void InvokePostStop() => PostStop();

    internal SupervisorStrategy InvokeSupervisorStrategy() => SupervisorStrategy();
}
