#nullable disable
namespace Bus.Actors;

/// <summary>Something a message can be told to.</summary>
public interface ICanTell
{
    /// <summary>Sends <paramref name="message"/> without waiting. Thread-safe.</summary>
    /// <param name="message">The message; never null.</param>
    /// <param name="sender">Who is to be answered, or <see cref="ActorRefs.NoSender"/>.</param>
    void Tell(object message, IActorRef sender);
}

/// <summary>The address of one incarnation of an actor: immutable, thread-safe, and valid (if only as a way to dead letters) after the actor has stopped.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable
{
    /// <summary>Where in the actor tree the actor lives.</summary>
    ActorPath Path { get; }
}

/// <summary>Sending with the current actor as the sender.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Sends a message; the sender is the actor whose turn it is on this thread, if any.</summary>
    /// <param name="receiver">The actor to tell.</param>
    /// <param name="message">The message; never null.</param>
    public static void Tell(this IActorRef receiver, object message) => receiver.Tell(message, ActorCell.Current?.Self);

    /// <summary>Sends a message on with the sender of the message being handled, so that the answer goes there.</summary>
    /// <param name="receiver">The actor to tell.</param>
    /// <param name="message">The message; never null.</param>
    public static void Forward(this IActorRef receiver, object message) => receiver.Tell(message, ActorCell.Current?.CurrentSender);
}

/// <summary>Questions about references.</summary>
public static class ActorRefExtensions
{
    /// <summary>True for null and for <see cref="ActorRefs.Nobody"/>.</summary>
    /// <param name="actorRef">The reference to look at.</param>
    /// <returns>Whether the reference stands for no actor.</returns>
    public static bool IsNobody(this IActorRef actorRef) => actorRef is null or Nobody;
}
