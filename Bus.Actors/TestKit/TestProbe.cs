#nullable disable

namespace Bus.Actors.TestKit;

/// <summary>A test actor that a test hands around as a partner of the actors under test; several can play different parts.</summary>
public sealed class TestProbe : TestKitBase, IInternalActorRef
{
    internal TestProbe(ActorSystem system, string testProbeName)
        : base(system, testProbeName)
    {
    }

    /// <summary>The probe's actor.</summary>
    public IActorRef Ref => TestActor;

    /// <summary>The sender of the last message taken.</summary>
    public IActorRef Sender => LastSender;

    ActorPath IActorRef.Path => TestActor.Path;

    ActorSystemImpl IInternalActorRef.Owner => Inner.Owner;

    IInternalActorRef IInternalActorRef.Supervisor => Inner.Supervisor;

    bool IInternalActorRef.IsTerminated => Inner.IsTerminated;

    private IInternalActorRef Inner => (IInternalActorRef)TestActor;

    /// <summary>Tells <paramref name="actor"/> with the probe as sender.</summary>
    public void Send(IActorRef actor, object message) => actor.Tell(message, TestActor);

    /// <summary>Tells <paramref name="actor"/> with the sender of the last message taken as sender.</summary>
    public void Forward(IActorRef actor, object message) => actor.Tell(message, LastSender);

    /// <summary>Forwards the last message taken.</summary>
    public void Forward(IActorRef actor) => actor.Tell(LastMessage, LastSender);

    /// <summary>Answers the last message taken, with the probe as sender.</summary>
    public void Reply(object message) => LastSender.Tell(message, TestActor);

    void ICanTell.Tell(object message, IActorRef sender) => TestActor.Tell(message, sender);

    void IInternalActorRef.SendSystemMessage(SystemMessage message) => Inner.SendSystemMessage(message);

    void IInternalActorRef.Stop() => Inner.Stop();

    /// <summary>Compares the probe's actor.</summary>
    public int CompareTo(object obj) => TestActor.CompareTo(obj);

    int IComparable<IActorRef>.CompareTo(IActorRef other) => TestActor.CompareTo(other);

    bool IEquatable<IActorRef>.Equals(IActorRef other) => TestActor.Equals(other);

    /// <summary>Equal to its actor.</summary>
    public override bool Equals(object obj) => TestActor.Equals(obj);

    /// <summary>That of its actor.</summary>
    public override int GetHashCode() => TestActor.GetHashCode();

    /// <summary>The path of its actor.</summary>
    public override string ToString() => TestActor.ToString();
}
