namespace Bus.Actors;

/// <summary>What the runtime needs of a reference beyond Tell. Every reference but <see cref="Nobody"/> implements it, wrappers by delegation.</summary>
internal interface IInternalActorRef : IActorRef
{
    /// <summary>The system that the reference belongs to.</summary>
    ActorSystemImpl Owner { get; }

    /// <summary>The supervisor; null for a reference outside the supervised tree.</summary>
    IInternalActorRef? Supervisor { get; }

    bool IsTerminated { get; }

    void SendSystemMessage(SystemMessage message);

    /// <summary>Asks the actor to stop after the message it is handling.</summary>
    void Stop();
}
