namespace Bus.Actors;

/// <summary>
/// The receive timeout. Handling a message only notes the time; the timer is not restarted for each one. When it fires, its check queues like any
/// message, and if something was handled since, it is set again for what is left.
/// </summary>
internal sealed class IdleTimer
{
    private readonly IdleCheck _check;
    private TimeSpan _lastActivity;
    private ICancelable? _pending;

    internal IdleTimer(ActorCell cell, TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A receive timeout must be more than zero.");
        Timeout = timeout;
        _check = new IdleCheck(this);
        _lastActivity = cell.System.Scheduler.MonotonicClock;
        Start(cell, timeout);
    }

    internal TimeSpan Timeout { get; }

    internal void MessageHandled(ActorCell cell, object message)
    {
        if (message is INotInfluenceReceiveTimeout) return;
        _lastActivity = cell.System.Scheduler.MonotonicClock;
        if (_pending is null) Start(cell, Timeout);
    }

    /// <summary>Whether a check that has arrived means that the time is up.</summary>
    internal bool IsDue(ActorCell cell, IdleCheck check)
    {
        if (!ReferenceEquals(check, _check)) return false;
        _pending = null;
        var left = Timeout - (cell.System.Scheduler.MonotonicClock - _lastActivity);
        if (left <= TimeSpan.Zero) return true;
        Start(cell, left);
        return false;
    }

    internal void Cancel() => _pending?.Cancel();

    private void Start(ActorCell cell, TimeSpan delay) =>
        _pending = cell.System.Scheduler.ScheduleTellOnceCancelable(delay, cell.Self, _check, ActorRefs.NoSender);
}

/// <summary>Asks an actor whether it has been idle for its receive timeout.</summary>
internal sealed class IdleCheck(IdleTimer owner) : IDeadLetterSuppression
{
    internal IdleTimer Owner => owner;
}
