#nullable disable
namespace Bus.Actors;

/// <summary>An actor could not be registered or found.</summary>
public class ActorRegistryException : Exception
{
    /// <summary>Says why.</summary>
    /// <param name="message">What happened.</param>
    public ActorRegistryException(string message)
        : base(message)
    {
    }

    /// <summary>Says why.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public ActorRegistryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The key has an actor already.</summary>
public sealed class DuplicateActorRegistryException : ActorRegistryException
{
    /// <summary>Says which.</summary>
    /// <param name="message">What happened.</param>
    public DuplicateActorRegistryException(string message)
        : base(message)
    {
    }

    /// <summary>Says which.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public DuplicateActorRegistryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The key has no actor.</summary>
public sealed class MissingActorRegistryEntryException : ActorRegistryException
{
    /// <summary>Says which.</summary>
    /// <param name="message">What happened.</param>
    public MissingActorRegistryEntryException(string message)
        : base(message)
    {
    }

    /// <summary>Says which.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public MissingActorRegistryEntryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
