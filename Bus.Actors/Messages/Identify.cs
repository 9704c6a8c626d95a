#nullable disable
namespace Bus.Actors;

/// <summary>Every actor answers it with <see cref="ActorIdentity"/>, whatever its behaviour: a sign of life, behind all that was sent before.</summary>
public sealed class Identify : IAutoReceivedMessage, INotInfluenceReceiveTimeout
{
    /// <summary>Asks who is there.</summary>
    /// <param name="messageId">Comes back in the answer.</param>
    public Identify(object messageId) => MessageId = messageId;

    /// <summary>Comes back in the answer.</summary>
    public object MessageId { get; }

    /// <inheritdoc/>
    public override string ToString() => $"<Identify>: {MessageId}";
}

/// <summary>The answer to <see cref="Identify"/>.</summary>
public sealed class ActorIdentity
{
    /// <summary>Answers.</summary>
    /// <param name="messageId">That of the question.</param>
    /// <param name="subject">Who answers.</param>
    public ActorIdentity(object messageId, IActorRef subject)
    {
        MessageId = messageId;
        Subject = subject;
    }

    /// <summary>That of the question.</summary>
    public object MessageId { get; }

    /// <summary>Who answers.</summary>
    public IActorRef Subject { get; }

    /// <inheritdoc/>
    public override string ToString() => $"<ActorIdentity>: {Subject} - MessageId={MessageId}";
}
