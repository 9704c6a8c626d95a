namespace Bus.Actors;

/// <summary>The reference of an actor of this process. Its path is built when first asked for: most actors never need one.</summary>
internal sealed class LocalActorRef : InternalActorRef
{
    private readonly IInternalActorRef _supervisor;
    private ActorPath? _path;

    internal LocalActorRef(ActorSystemImpl owner, Props props, IInternalActorRef supervisor, string name)
        : base(owner)
    {
        _supervisor = supervisor;
        Name = name;
        Mailbox = new Mailbox(new ActorCell(owner, props, this));
    }

    internal string Name { get; }

    internal Mailbox Mailbox { get; }

    internal ActorCell Cell => Mailbox.Cell;

    public override ActorPath Path => _path ?? MakePath();

    public override IInternalActorRef? Supervisor => _supervisor;

    public override bool IsTerminated => Mailbox.IsClosed;

    public override void Tell(object message, IActorRef? sender)
    {
        if (message is null) throw new ArgumentNullException(nameof(message), $"A message told to {Path} must not be null.");
        Mailbox.Post(message, sender);
    }

    public override void SendSystemMessage(SystemMessage message) => Mailbox.PostSystem(message);

    public override void Stop() => Mailbox.PostSystem(new StopMessage());

    internal void Start() => Mailbox.PostSystem(new CreateMessage());

    private ActorPath MakePath()
    {
        Interlocked.CompareExchange(ref _path, _supervisor.Path.Child(Name).WithUid(Owner.NextUid()), null);
        return _path;
    }
}
