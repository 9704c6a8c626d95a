namespace Bus.Actors;

/// <summary>Where messages go that nobody can receive: they become events on the event stream.</summary>
internal sealed class DeadLetterRef(ActorSystemImpl owner) : InternalActorRef(owner)
{
    public override ActorPath Path { get; } = owner.RootPath.Child("deadLetters");

    public override void Tell(object message, IActorRef? sender)
    {
        if (message is null) throw new InvalidMessageException("The dead letters can't be told null.");
        Publish(message, sender, this);
    }

    /// <summary>Reports a message that did not reach <paramref name="recipient"/>.</summary>
    internal void Publish(object message, IActorRef? sender, IActorRef recipient)
    {
        // A subscriber to dead letters that is itself dead: reporting that would go on for ever.
        if (message is AllDeadLetters && !ReferenceEquals(recipient, this)) return;
        var letter = message switch
        {
            AllDeadLetters already => already,
            IDeadLetterSuppression suppressed => new SuppressedDeadLetter(suppressed, sender ?? this, recipient),
            _ => (AllDeadLetters)new DeadLetter(message, sender ?? this, recipient),
        };
        Owner.EventStream.Publish(letter);
    }

    public override void SendSystemMessage(SystemMessage message) => message.InvokeDead(this);
}
