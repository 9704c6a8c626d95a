namespace Bus.Actors;

/// <summary>What an actor has only if it uses it: children, watches, timers, stacked behaviours, an asynchronous turn.</summary>
internal sealed class CellExtras
{
    private Children? _children;

    internal Children? ChildrenOrNull => Volatile.Read(ref _children);

    internal Children Children => Volatile.Read(ref _children) ?? Interlocked.CompareExchange(ref _children, new Children(), null) ?? _children;

    internal DeathWatch? WatchOrNull { get; private set; }

    internal DeathWatch Watch => WatchOrNull ??= new DeathWatch();

    internal BehaviourStack Behaviours { get => field ??= new BehaviourStack(); private set; }

    internal SupervisorStrategy? Strategy { get; set; }

    internal TimerScheduler? Timers { get; set; }

    internal IdleTimer? IdleTimer { get; private set; }

    /// <summary>See <see cref="ActorCell.FailedBy"/>.</summary>
    internal IActorRef? FailedBy { get; set; }

    /// <summary>How many asynchronous turns user messages wait for; more than one only if a handler starts several.</summary>
    internal int PendingTurns { get; set; }

    /// <summary>Children whose failure was escalated while this actor had failed already: its supervisor's answer is theirs too.</summary>
    internal HashSet<LocalActorRef>? JoinedFailures { get; set; }

    /// <summary>Why a restart, or a second attempt at creation, was ordered that is not finished: it may wait for children to stop.</summary>
    internal Exception? RestartCause { get; set; }

    internal void StartIdleTimer(ActorCell cell, TimeSpan timeout)
    {
        StopIdleTimer();
        IdleTimer = new IdleTimer(cell, timeout);
    }

    internal void StopIdleTimer()
    {
        IdleTimer?.Cancel();
        IdleTimer = null;
    }

    /// <summary>Forgets what belongs to one instance of the actor; children and watches belong to the actor and stay, the strategy until there is a next instance.</summary>
    internal void ClearInstance()
    {
        Behaviours = null!;
        Timers?.CancelAll();
        Timers = null;
    }
}
