namespace Bus.Actors;

/// <summary>The timers of one instance of an actor. A message carries its timer, so one that was cancelled or replaced is known when it arrives.</summary>
internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private readonly Dictionary<object, TimerMessage> _timers = [];

    public IReadOnlyCollection<object> ActiveTimers => _timers.Keys;

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) => StartPeriodicTimer(key, msg, interval, interval, null);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef? sender) => StartPeriodicTimer(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) => StartPeriodicTimer(key, msg, initialDelay, interval, null);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef? sender)
    {
        var timer = Add(key, msg, repeats: true);
        cell.System.Scheduler.ScheduleTellRepeatedly(initialDelay, interval, cell.Self, timer, sender, timer.Cancelable);
    }

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => StartSingleTimer(key, msg, timeout, null);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef? sender)
    {
        var timer = Add(key, msg, repeats: false);
        cell.System.Scheduler.ScheduleTellOnce(timeout, cell.Self, timer, sender, timer.Cancelable);
    }

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out var timer)) timer.Cancelable.Cancel();
    }

    public void CancelAll()
    {
        foreach (var timer in _timers.Values) timer.Cancelable.Cancel();
        _timers.Clear();
    }

    /// <summary>What a timer's message stands for; null if the timer is no longer the one under its key.</summary>
    internal object? Take(TimerMessage timer)
    {
        if (!_timers.TryGetValue(timer.Key, out var current) || !ReferenceEquals(current, timer)) return null;
        if (!timer.Repeats) _timers.Remove(timer.Key);
        return timer.Message;
    }

    private TimerMessage Add(object key, object msg, bool repeats)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(msg);
        Cancel(key);
        return _timers[key] = new TimerMessage(this, key, msg, repeats, new Cancelable(cell.System.Scheduler));
    }
}

/// <summary>What a timer really sends: the actor sees the message inside.</summary>
internal sealed class TimerMessage(TimerScheduler owner, object key, object message, bool repeats, ICancelable cancelable) : IWrappedMessage, IDeadLetterSuppression
{
    internal TimerScheduler Owner => owner;

    internal object Key => key;

    public object Message => message;

    internal bool Repeats => repeats;

    internal ICancelable Cancelable => cancelable;
}
