#nullable disable
namespace Bus.Actors;

/// <summary>Creates actors.</summary>
public interface IActorRefFactory
{
    /// <summary>Creates an actor below this one and starts it; it is created in its own first turn, not by this call.</summary>
    /// <param name="props">How to make it.</param>
    /// <param name="name">Its name, unique among its siblings; null for a generated one.</param>
    /// <returns>Its reference, usable at once.</returns>
    /// <exception cref="InvalidActorNameException">The name is malformed or taken.</exception>
    /// <exception cref="InvalidOperationException">The parent is stopping or has stopped.</exception>
    IActorRef ActorOf(Props props, string name = null);
}

/// <summary>Watches the life of other actors.</summary>
public interface ICanWatch
{
    /// <summary>Asks for one <see cref="Terminated"/> when the actor has stopped, also if it already has.</summary>
    /// <param name="subject">The actor to watch.</param>
    /// <returns><paramref name="subject"/>.</returns>
    IActorRef Watch(IActorRef subject);

    /// <summary>Asks for one message of one's own when the actor has stopped.</summary>
    /// <param name="subject">The actor to watch.</param>
    /// <param name="message">What to receive instead of <see cref="Terminated"/>.</param>
    /// <returns><paramref name="subject"/>.</returns>
    /// <exception cref="InvalidOperationException">The actor is already watched with another message.</exception>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>Ends the watch; a notice that waits in the mailbox is dropped.</summary>
    /// <param name="subject">The watched actor.</param>
    /// <returns><paramref name="subject"/>.</returns>
    IActorRef Unwatch(IActorRef subject);
}

/// <summary>What an actor may ask of the runtime. Only for use in the actor's own turn.</summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    /// <summary>This actor's reference.</summary>
    IActorRef Self { get; }

    /// <summary>How this actor was made.</summary>
    Props Props { get; }

    /// <summary>Who sent the message in hand; the dead letters if nobody did.</summary>
    IActorRef Sender { get; }

    /// <summary>The system that this actor lives in.</summary>
    ActorSystem System { get; }

    /// <summary>The actor that made and supervises this one.</summary>
    IActorRef Parent { get; }

    /// <summary>After how long without a message <see cref="Actors.ReceiveTimeout"/> comes; null for never.</summary>
    TimeSpan? ReceiveTimeout { get; }

    /// <summary>Replaces the behaviour.</summary>
    /// <param name="receive">What handles messages from now on.</param>
    void Become(Receive receive);

    /// <summary>Puts a behaviour on top of the present one.</summary>
    /// <param name="receive">What handles messages until <see cref="UnbecomeStacked"/>.</param>
    void BecomeStacked(Receive receive);

    /// <summary>Goes back to the behaviour below.</summary>
    void UnbecomeStacked();

    /// <summary>A child by name.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The child, or <see cref="ActorRefs.Nobody"/>.</returns>
    IActorRef Child(string name);

    /// <summary>The children that have not terminated.</summary>
    /// <returns>A snapshot.</returns>
    IEnumerable<IActorRef> GetChildren();

    /// <summary>Asks for a <see cref="Actors.ReceiveTimeout"/> message whenever no message came for a while.</summary>
    /// <param name="timeout">How long; null to switch it off.</param>
    void SetReceiveTimeout(TimeSpan? timeout);

    /// <summary>Stops a child, or this actor, after the message that it is handling.</summary>
    /// <param name="child">The actor.</param>
    void Stop(IActorRef child);
}

/// <summary>The context of an <see cref="UntypedActor"/>.</summary>
public interface IUntypedActorContext : IActorContext
{
    /// <summary>Replaces the behaviour.</summary>
    /// <param name="receive">What handles messages from now on.</param>
    void Become(UntypedReceive receive);

    /// <summary>Puts a behaviour on top of the present one.</summary>
    /// <param name="receive">What handles messages until it is popped.</param>
    void BecomeStacked(UntypedReceive receive);
}
