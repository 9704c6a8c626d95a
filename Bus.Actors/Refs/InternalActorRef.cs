namespace Bus.Actors;

/// <summary>Identity, order and text of a reference; derived classes say where messages go.</summary>
internal abstract class InternalActorRef(ActorSystemImpl owner) : IInternalActorRef
{
    public ActorSystemImpl Owner { get; } = owner;

    public abstract ActorPath Path { get; }

    public virtual IInternalActorRef? Supervisor => null;

    public virtual bool IsTerminated => false;

    public abstract void Tell(object message, IActorRef? sender);

    public virtual void SendSystemMessage(SystemMessage message)
    {
    }

    public virtual void Stop()
    {
    }

    // One object per incarnation, so identity is enough among our own; a wrapper (a test probe) is equal by path and uid.
    public bool Equals(IActorRef? other) =>
        ReferenceEquals(this, other) || (other is not null and not InternalActorRef && other.Path.Uid == Path.Uid && other.Path.Equals(Path));

    public sealed override bool Equals(object? obj) => Equals(obj as IActorRef);

    public sealed override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public int CompareTo(IActorRef? other)
    {
        if (other is null) return 1;
        var order = Path.CompareTo(other.Path);
        return order != 0 ? order : Path.Uid.CompareTo(other.Path.Uid);
    }

    public int CompareTo(object? obj) => CompareTo(obj as IActorRef);

    public sealed override string ToString() => "[" + Path.ToStringWithUid() + "]";
}
