namespace Bus.Actors;

/// <summary>The reference of an actor of this process. Its path is built when first asked for: most actors never need one.</summary>
internal sealed class LocalActorRef : InternalActorRef
{
    private readonly IInternalActorRef _supervisor;
    private readonly long _number;
    private string? _name;
    private ActorPath? _path;

    internal LocalActorRef(ActorSystemImpl owner, Props props, IInternalActorRef supervisor, string name)
        : this(owner, props, supervisor, 0) => _name = name;

    /// <summary>Without a name of its own: it is made from the number when first asked for.</summary>
    internal LocalActorRef(ActorSystemImpl owner, Props props, IInternalActorRef supervisor, long number)
        : base(owner)
    {
        _supervisor = supervisor;
        _number = number;
        Mailbox = new Mailbox(new ActorCell(props, this));
    }

    internal string Name => _name ??= ActorNames.Generate(_number);

    /// <summary>Its place among its parent's children without a name; negative for one with a name. Owned by the parent.</summary>
    internal int Slot { get; set; } = -1;

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
