#nullable disable

namespace Bus.Actors.TestKit;

/// <summary>
/// The scheduler of a system whose time stands still until the test advances it. It drives everything in that system that waits: what is scheduled,
/// timers, receive timeouts, the timeouts of Ask and the windows of restarts. What repeats comes once per advance at most. Thread-safe.
/// </summary>
public sealed class TestScheduler : IScheduler, IAdvancedScheduler
{
    private readonly VirtualTime _time;
    private readonly TimeProviderScheduler _inner;

    internal TestScheduler(VirtualTime time, Task systemTerminated)
    {
        _time = time;
        _inner = new TimeProviderScheduler(time, systemTerminated);
    }

    /// <summary>The virtual time.</summary>
    public DateTimeOffset Now => _inner.Now;

    /// <summary>The virtual time since the system started.</summary>
    public TimeSpan MonotonicClock => _inner.MonotonicClock;

    /// <summary>The same as <see cref="MonotonicClock"/>.</summary>
    public TimeSpan HighResMonotonicClock => _inner.HighResMonotonicClock;

    /// <summary>This scheduler.</summary>
    public IAdvancedScheduler Advanced => this;

    /// <summary>Moves the time on and does what has become due, in the order of its times, before it returns.</summary>
    public void Advance(TimeSpan offset) => _time.Advance(offset);

    /// <summary>Moves the time on to a point that must not be past, as <see cref="Advance"/>.</summary>
    public void AdvanceTo(DateTimeOffset when)
    {
        if (when < Now) throw new InvalidOperationException($"Time does not go back: it is {Now:O}, which is after {when:O}.");
        Advance(when - Now);
    }

    /// <inheritdoc/>
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender) =>
        _inner.ScheduleTellOnce(delay, receiver, message, sender);

    /// <inheritdoc/>
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        _inner.ScheduleTellOnce(delay, receiver, message, sender, cancelable);

    /// <inheritdoc/>
    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender) =>
        _inner.ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender);

    /// <inheritdoc/>
    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        _inner.ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, cancelable);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) => _inner.ScheduleOnce(delay, action, cancelable);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, Action action) => _inner.ScheduleOnce(delay, action);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        _inner.ScheduleRepeatedly(initialDelay, interval, action, cancelable);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) => _inner.ScheduleRepeatedly(initialDelay, interval, action);
}
