namespace Bus.Actors;

/// <summary>
/// One actor from the runtime's side: the instance, the message in hand, the behaviour; the context that the actor sees. All of it is
/// touched only in the actor's turn. What most actors never use is in <see cref="Extras"/>, created when first needed.
/// </summary>
internal sealed class ActorCell : IUntypedActorContext
{
    [ThreadStatic]
    private static ActorCell? _current;

    private CellExtras? _extras;

    internal ActorCell(Props props, LocalActorRef self)
    {
        Props = props;
        Self = self;
    }

    /// <summary>The cell whose turn it is on this thread.</summary>
    internal static ActorCell? Current
    {
        get => _current;
        set => _current = value;
    }

    internal ActorSystemImpl System => Self.Owner;

    internal Props Props { get; }

    internal LocalActorRef Self { get; }

    internal Mailbox Mailbox => Self.Mailbox;

    /// <summary>The instance; null before creation and after termination. A failed one stays until its restart has made the next.</summary>
    internal ActorBase? Actor { get; set; }

    /// <summary>The instance has had its PreRestart, or failed to begin: it has no context any more, only hooks that may still be called.</summary>
    internal bool IsCleared { get; set; }

    /// <summary>What handles messages instead of the actor's own Receive; null for that one.</summary>
    internal Receive? Behaviour { get; set; }

    internal object? CurrentMessage { get; set; }

    internal IActorRef? CurrentSender { get; set; }

    /// <summary>Whose failure this actor waits to be told what to do about: itself, a child whose failure it escalates, or null.</summary>
    internal IActorRef? FailedBy
    {
        get => _extras?.FailedBy;
        set
        {
            if (value is not null || _extras is not null) Extras.FailedBy = value;
        }
    }

    internal bool IsStopping { get; set; }

    internal CellExtras? ExtrasOrNull => Volatile.Read(ref _extras);

    // The guardians' extras are asked for by any thread that creates a top-level actor.
    internal CellExtras Extras => Volatile.Read(ref _extras) ?? Interlocked.CompareExchange(ref _extras, new CellExtras(), null) ?? _extras;

    ActorSystem IActorContext.System => System;

    Props IActorContext.Props => Props;

    IActorRef IActorContext.Self => Self;

    IActorRef IActorContext.Parent => Self.Supervisor!;

    IActorRef IActorContext.Sender => Sender;

    internal IActorRef Sender => CurrentSender ?? System.DeadLetters;

    TimeSpan? IActorContext.ReceiveTimeout => ExtrasOrNull?.IdleTimer?.Timeout;

    internal void Invoke(object message, IActorRef? sender)
    {
        CurrentMessage = message;
        CurrentSender = sender;
        try
        {
            // Types that the runtime itself understands are sealed: a few pointer comparisons, where an interface test would search.
            var type = message.GetType();
            if (type == typeof(Terminated) || type == typeof(PoisonPill) || type == typeof(Kill) || type == typeof(TimerMessage) || type == typeof(IdleCheck) || type == typeof(Identify))
            {
                AutoReceive(message);
            }
            else
            {
                ReceiveMessage(message);
            }
        }
        catch (Exception cause)
        {
            Faults.HandleInvokeFailure(this, cause);
        }
    }

    internal void ReceiveMessage(object message)
    {
        var actor = Actor;
        if (actor is null)
        {
            System.DeadLetterRef.Publish(message, CurrentSender, Self);
            return;
        }

        var behaviour = Behaviour;
        var handled = behaviour is null ? actor.InvokeReceive(message) : behaviour(message);
        if (!handled) actor.InvokeUnhandled(message);
        if (_extras?.IdleTimer is { } idle) idle.MessageHandled(this, message);
    }

    internal void InvokeSystem(SystemMessage message)
    {
        try
        {
            message.Invoke(this);
        }
        catch (Exception cause)
        {
            Faults.HandleInvokeFailure(this, cause);
        }
    }

    /// <summary>An idle actor keeps nothing alive; a failed or waiting one still needs its message.</summary>
    internal void EndOfRun()
    {
        if (_extras is { } extras && (extras.FailedBy is not null || extras.PendingTurns > 0)) return;
        CurrentMessage = null;
        CurrentSender = null;
    }

    private void AutoReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated:
                if (_extras?.WatchOrNull?.Take(terminated) is { } notice) ReceiveMessage(notice);
                break;
            case TimerMessage timer:
                if (timer.Owner.Take(timer) is { } due) ReceiveDue(due);
                break;
            case IdleCheck check:
                if (_extras?.IdleTimer is { } idle && idle.IsDue(this, check)) ReceiveMessage(ReceiveTimeout.Instance);
                break;
            case PoisonPill:
                Self.Stop();
                break;
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, Self), Self);
                break;
            default:
                throw new ActorKilledException("Kill");
        }
    }

    private void ReceiveDue(object message)
    {
        CurrentMessage = message;
        if (message is Terminated or PoisonPill or Kill) Invoke(message, CurrentSender);
        else ReceiveMessage(message);
    }

    public IActorRef ActorOf(Props props, string? name) => MakeChild(props, name is null ? null : ActorNames.Validate(name, Self));

    internal LocalActorRef MakeChild(Props props, string? validName)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (IsStopping) throw new InvalidOperationException($"{Self.Path} can't create a child: it is stopping or has stopped.");
        var child = Extras.Children.Add(this, props, validName);
        child.Start();
        return child;
    }

    IActorRef IActorContext.Child(string name) => ExtrasOrNull?.ChildrenOrNull?.Find(name) ?? (IActorRef)ActorRefs.Nobody;

    IEnumerable<IActorRef> IActorContext.GetChildren() => Children;

    internal LocalActorRef[] Children => ExtrasOrNull?.ChildrenOrNull?.Snapshot() ?? [];

    public void Stop(IActorRef actor)
    {
        if (actor is LocalActorRef child) ExtrasOrNull?.ChildrenOrNull?.MarkStopping(child);
        (actor as IInternalActorRef)?.Stop();
    }

    public IActorRef Watch(IActorRef subject) => Extras.Watch.Watch(this, subject, null);

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Extras.Watch.Watch(this, subject, message);
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        ExtrasOrNull?.WatchOrNull?.Unwatch(this, subject);
        return subject;
    }

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (timeout is null) ExtrasOrNull?.StopIdleTimer();
        else Extras.StartIdleTimer(this, timeout.Value);
    }

    public void Become(Receive receive)
    {
        Extras.Behaviours.Become(receive);
        Behaviour = receive;
    }

    public void BecomeStacked(Receive receive)
    {
        Extras.Behaviours.Push(receive);
        Behaviour = receive;
    }

    public void UnbecomeStacked() => Behaviour = ExtrasOrNull?.Behaviours.Pop();

    public void Become(UntypedReceive receive) => Become(Wrap(receive));

    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(Wrap(receive));

    private static Receive Wrap(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };
}
