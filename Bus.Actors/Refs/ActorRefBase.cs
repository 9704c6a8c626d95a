#nullable disable
namespace Bus.Actors;

/// <summary>A base for references that are no actor of the runtime: a test double, an adapter. Equal by path and uid, as all references are.</summary>
public abstract class ActorRefBase : IActorRef
{
    /// <inheritdoc/>
    public abstract ActorPath Path { get; }

    /// <inheritdoc/>
    public void Tell(object message, IActorRef sender) => TellInternal(message, sender ?? ActorRefs.NoSender);

    /// <inheritdoc/>
    public bool Equals(IActorRef other) => ReferenceEquals(this, other) || (other is not null && other.Path.Uid == Path.Uid && other.Path.Equals(Path));

    /// <inheritdoc/>
    public override bool Equals(object obj) => Equals(obj as IActorRef);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Path.Uid, Path);

    /// <inheritdoc/>
    public int CompareTo(IActorRef other)
    {
        if (other is null) return 1;
        var order = Path.CompareTo(other.Path);
        return order != 0 ? order : Path.Uid.CompareTo(other.Path.Uid);
    }

    /// <inheritdoc/>
    public int CompareTo(object obj) => CompareTo(obj as IActorRef);

    /// <inheritdoc/>
    public override string ToString() => "[" + Path.ToStringWithUid() + "]";

    /// <summary>Takes a message. May be called by several threads at once.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who is to be answered, or <see cref="ActorRefs.NoSender"/>.</param>
    protected abstract void TellInternal(object message, IActorRef sender);
}
