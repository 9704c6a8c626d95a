#nullable disable
namespace Bus.Actors;

/// <summary>The two references that are no actor.</summary>
public static class ActorRefs
{
    /// <summary>Stands for "no such actor"; what it is told is dropped.</summary>
    public static readonly Nobody Nobody = new();

    /// <summary>Says that there is no one to answer; null. The receiver sees the dead letters as its sender.</summary>
    public static readonly IActorRef NoSender;
}

/// <summary>The reference that stands for no actor.</summary>
public sealed class Nobody : IActorRef
{
    private static readonly ActorPath NobodyPath = ActorPath.ForRoot(new Address("akka", "all-systems")).Child("Nobody");

    internal Nobody()
    {
    }

    /// <inheritdoc/>
    public ActorPath Path => NobodyPath;

    /// <summary>Does nothing.</summary>
    /// <param name="message">Dropped.</param>
    /// <param name="sender">Ignored.</param>
    public void Tell(object message, IActorRef sender)
    {
    }

    /// <inheritdoc/>
    public bool Equals(IActorRef other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override bool Equals(object obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public override int GetHashCode() => 1;

    /// <inheritdoc/>
    public int CompareTo(IActorRef other) => other is null ? 1 : Path.CompareTo(other.Path);

    /// <inheritdoc/>
    public int CompareTo(object obj) => CompareTo(obj as IActorRef);

    /// <inheritdoc/>
    public override string ToString() => "[" + Path + "]";
}
