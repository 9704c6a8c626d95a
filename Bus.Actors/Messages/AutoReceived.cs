#nullable disable
namespace Bus.Actors;

/// <summary>Marks messages that the runtime itself acts on.</summary>
public interface IAutoReceivedMessage;

/// <summary>Marks messages that do harm if they reach the wrong actor.</summary>
public interface IPossiblyHarmful;

/// <summary>Marks messages that do not count as activity for the receive timeout.</summary>
public interface INotInfluenceReceiveTimeout;

/// <summary>Marks messages that make no noise in the dead letters: they become <see cref="SuppressedDeadLetter"/>.</summary>
public interface IDeadLetterSuppression;

/// <summary>Marks messages that carry another one.</summary>
public interface IWrappedMessage
{
    /// <summary>The message inside.</summary>
    object Message { get; }
}

/// <summary>Stops the receiver when it comes to it, after the messages that were there before.</summary>
public sealed class PoisonPill : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression
{
    private PoisonPill()
    {
    }

    /// <summary>The only one.</summary>
    public static PoisonPill Instance { get; } = new();

    /// <inheritdoc/>
    public override string ToString() => "<PoisonPill>";
}

/// <summary>Makes the receiver fail with <see cref="ActorKilledException"/>; its supervisor decides, by default to stop it.</summary>
public sealed class Kill : IAutoReceivedMessage
{
    private Kill()
    {
    }

    /// <summary>The only one.</summary>
    public static Kill Instance { get; } = new();

    /// <inheritdoc/>
    public override string ToString() => "<Kill>";
}

/// <summary>Says that no message came for the time set by SetReceiveTimeout.</summary>
public sealed class ReceiveTimeout : IPossiblyHarmful
{
    private ReceiveTimeout()
    {
    }

    /// <summary>The only one.</summary>
    public static ReceiveTimeout Instance { get; } = new();
}

/// <summary>Says that a watched actor has stopped and will never handle a message again.</summary>
public sealed class Terminated : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression, IEquatable<Terminated>
{
    /// <summary>Describes the end of an actor.</summary>
    /// <param name="actorRef">The actor.</param>
    /// <param name="existenceConfirmed">Whether it was seen to stop, as opposed to being gone when the watch began.</param>
    /// <param name="addressTerminated">Whether its whole node is gone; never so in this runtime.</param>
    public Terminated(IActorRef actorRef, bool existenceConfirmed, bool addressTerminated)
    {
        ActorRef = actorRef;
        ExistenceConfirmed = existenceConfirmed;
        AddressTerminated = addressTerminated;
    }

    /// <summary>The actor that has stopped.</summary>
    public IActorRef ActorRef { get; }

    /// <summary>Whether its whole node is gone; never so in this runtime.</summary>
    public bool AddressTerminated { get; }

    /// <summary>Whether it was seen to stop, as opposed to being gone when the watch began.</summary>
    public bool ExistenceConfirmed { get; }

    /// <inheritdoc/>
    public bool Equals(Terminated other) =>
        other is not null && Equals(ActorRef, other.ActorRef) && AddressTerminated == other.AddressTerminated && ExistenceConfirmed == other.ExistenceConfirmed;

    /// <inheritdoc/>
    public override bool Equals(object obj) => Equals(obj as Terminated);

    /// <inheritdoc/>
    public override int GetHashCode() => ActorRef is null ? 0 : ActorRef.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => $"<Terminated>: {ActorRef} - ExistenceConfirmed={ExistenceConfirmed}";
}
