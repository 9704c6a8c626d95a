namespace Bus.Actors;

/// <summary>The system: what all actors share, and the guardians /user and /system at the top of the tree.</summary>
internal sealed class ActorSystemImpl : ActorSystem
{
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LocalActorRef _user;
    private readonly LocalActorRef _system;
    private long _lastUid;
    private long _lastTemp;

    internal ActorSystemImpl(string name, ActorSystemOptions options)
    {
        if (name is not { Length: > 0 } || !char.IsAsciiLetterOrDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new ArgumentException($"Invalid actor system name \"{name}\": use letters, digits, '-' and '_', beginning with a letter or digit.", nameof(name));
        }

        Name = name;
        TimeProvider = options.TimeProvider;
        Dispatcher = options.Dispatcher;
        Throughput = options.Throughput;
        AskTimeout = options.AskTimeout;
        RootPath = ActorPath.ForRoot(new Address("akka", name));
        TempPath = RootPath.Child("temp");
        EventStream = new EventStream { LogLevel = options.LogLevel };
        EventStream.DropSubscribersThatStop(this);
        DeadLetterRef = new DeadLetterRef(this);
        Log = new BusLogging(EventStream, $"ActorSystem({name})", typeof(ActorSystem));
        Scheduler = options.Scheduler?.Invoke(this) ?? new TimeProviderScheduler(TimeProvider, WhenTerminated);
        CoordinatedShutdown = new CoordinatedShutdown(this);

        var root = new RootRef(this);
        _system = new LocalActorRef(this, Guardian.Props, root, "system");
        _user = new LocalActorRef(this, Guardian.Props, root, "user");
        _system.Start();
        _user.Start();
    }

    public override string Name { get; }

    public override EventStream EventStream { get; }

    public override IActorRef DeadLetters => DeadLetterRef;

    public override IScheduler Scheduler { get; }

    public override ILoggingAdapter Log { get; }

    public override Task WhenTerminated => _terminated.Task;

    internal CoordinatedShutdown CoordinatedShutdown { get; }

    internal ActorRegistry Registry { get; } = new();

    internal DeadLetterRef DeadLetterRef { get; }

    internal TimeProvider TimeProvider { get; }

    internal Dispatcher Dispatcher { get; }

    internal int Throughput { get; }

    internal TimeSpan AskTimeout { get; }

    internal ActorPath RootPath { get; }

    internal ActorPath TempPath { get; }

    internal IActorRef UserGuardian => _user;

    public override IActorRef ActorOf(Props props, string? name = null) => _user.Cell.ActorOf(props, name);

    /// <summary>Creates an actor below /system: it outlives all user actors.</summary>
    internal IActorRef SystemActorOf(Props props, string? name = null) => _system.Cell.ActorOf(props, name);

    public override void Stop(IActorRef actor) => (actor as IInternalActorRef)?.Stop();

    public override Task Terminate()
    {
        _ = CoordinatedShutdown.Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        return WhenTerminated;
    }

    public override string ToString() => RootPath.Address.ToString();

    internal void StopGuardians() => _user.Stop();

    /// <summary>User actors stop first, then those of the system, then the system is terminated.</summary>
    internal void GuardianStopped(IInternalActorRef guardian)
    {
        if (ReferenceEquals(guardian, _user)) _system.Stop();
        else _terminated.TrySetResult();
    }

    internal long NextUid() => Interlocked.Increment(ref _lastUid);

    internal string NextTempName() => ActorNames.Generate(Interlocked.Increment(ref _lastTemp));
}

/// <summary>/user and /system: supervise what is below with the default strategy and handle nothing.</summary>
internal sealed class Guardian : UntypedActor
{
    internal static Props Props { get; } = Actors.Props.Create(() => new Guardian());

    protected override void OnReceive(object message) => Unhandled(message);
}
