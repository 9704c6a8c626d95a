#nullable disable
namespace Bus.Actors;

/// <summary>A message that did not reach the one it was meant for; published on the event stream.</summary>
public abstract class AllDeadLetters : IWrappedMessage
{
    /// <summary>Describes the loss.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="recipient">Whom it was meant for.</param>
    protected AllDeadLetters(object message, IActorRef sender, IActorRef recipient)
    {
        Message = message;
        Sender = sender;
        Recipient = recipient;
    }

    /// <inheritdoc/>
    public object Message { get; }

    /// <summary>Whom it was meant for.</summary>
    public IActorRef Recipient { get; }

    /// <summary>Who sent it; the dead letters if nobody did.</summary>
    public IActorRef Sender { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name} from {Sender} to {Recipient}: <{Message}>";
}

/// <summary>A message to an actor that has stopped.</summary>
public sealed class DeadLetter : AllDeadLetters
{
    /// <summary>Describes the loss.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="recipient">Whom it was meant for.</param>
    public DeadLetter(object message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
    }
}

/// <summary>A message to an actor that has stopped, of a kind that is often lost and rarely missed.</summary>
public sealed class SuppressedDeadLetter : AllDeadLetters
{
    /// <summary>Describes the loss.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="recipient">Whom it was meant for.</param>
    public SuppressedDeadLetter(IDeadLetterSuppression message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
    }
}

/// <summary>A message that its receiver did not know.</summary>
public sealed class UnhandledMessage : AllDeadLetters
{
    /// <summary>Describes the message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="recipient">Who did not handle it.</param>
    public UnhandledMessage(object message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
    }
}
