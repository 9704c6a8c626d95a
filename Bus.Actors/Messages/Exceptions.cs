#nullable disable
namespace Bus.Actors;

/// <summary>The base of the runtime's own exceptions.</summary>
public abstract class AkkaException : Exception
{
    /// <summary>Describes an error.</summary>
    /// <param name="message">What was wrong.</param>
    /// <param name="cause">Why.</param>
    protected AkkaException(string message, Exception cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>An actor could not be created: its constructor or PreStart failed.</summary>
public class ActorInitializationException : AkkaException
{
    /// <summary>Describes an error.</summary>
    /// <param name="message">What was wrong.</param>
    public ActorInitializationException(string message)
        : base(message)
    {
    }

    /// <summary>Describes an error of an actor.</summary>
    /// <param name="actor">The actor.</param>
    /// <param name="message">What was wrong.</param>
    /// <param name="cause">Why.</param>
    public ActorInitializationException(IActorRef actor, string message, Exception cause = null)
        : base(message, cause) => Actor = actor;

    /// <summary>The actor, if known.</summary>
    public IActorRef Actor { get; set; }
}

/// <summary>PreRestart failed; the restart goes on all the same.</summary>
public sealed class PreRestartException : ActorInitializationException
{
    internal PreRestartException(IActorRef actor, Exception restartException, Exception cause)
        : base(actor, $"PreRestart of {actor.Path} failed with '{restartException.Message}' during the restart after '{cause.Message}'.", restartException)
    {
    }
}

/// <summary>The new instance could not be created, or its PostRestart failed.</summary>
public sealed class PostRestartException : ActorInitializationException
{
    internal PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
        : base(actor, $"Restarting {actor.Path} failed with '{cause.Message}' after '{originalCause.Message}'.", cause)
    {
    }
}

/// <summary>The actor was sent <see cref="Kill"/>.</summary>
public sealed class ActorKilledException : AkkaException
{
    /// <summary>Describes the kill.</summary>
    /// <param name="message">What was wrong.</param>
    public ActorKilledException(string message)
        : base(message)
    {
    }
}

/// <summary>An actor that watches another did not handle its <see cref="Terminated"/>.</summary>
public sealed class DeathPactException : AkkaException
{
    /// <summary>Describes the broken pact.</summary>
    /// <param name="deadActor">The watched actor that has stopped.</param>
    public DeathPactException(IActorRef deadActor)
        : base($"Monitored actor {deadActor} has terminated and the watching actor did not handle Terminated.") => DeadActor = deadActor;

    /// <summary>The watched actor that has stopped.</summary>
    public IActorRef DeadActor { get; }
}

/// <summary>A name is malformed, or a sibling has it.</summary>
public sealed class InvalidActorNameException : AkkaException
{
    /// <summary>Describes an error.</summary>
    /// <param name="message">What was wrong.</param>
    public InvalidActorNameException(string message)
        : base(message)
    {
    }
}

/// <summary>A message was null.</summary>
public sealed class InvalidMessageException : AkkaException
{
    /// <summary>Describes an error.</summary>
    /// <param name="message">What was wrong.</param>
    public InvalidMessageException(string message)
        : base(message)
    {
    }
}

/// <summary>No answer came in time.</summary>
public sealed class AskTimeoutException : AkkaException
{
    /// <summary>Describes the timeout.</summary>
    /// <param name="message">What was asked of whom, and how long.</param>
    public AskTimeoutException(string message)
        : base(message)
    {
    }
}
