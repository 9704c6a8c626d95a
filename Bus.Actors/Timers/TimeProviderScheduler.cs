namespace Bus.Actors;

/// <summary>The scheduler on a <see cref="TimeProvider"/>, real or virtual. Once the system has terminated nothing is sent or run any more.</summary>
internal sealed class TimeProviderScheduler(TimeProvider time, Task systemTerminated) : IScheduler, IAdvancedScheduler
{
    private readonly long _start = time.GetTimestamp();

    public DateTimeOffset Now => time.GetUtcNow();

    public TimeSpan MonotonicClock => time.GetElapsedTime(_start);

    public TimeSpan HighResMonotonicClock => MonotonicClock;

    public IAdvancedScheduler Advanced => this;

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender) =>
        ScheduleTellOnce(delay, receiver, message, sender, null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Start(new ScheduledTell(receiver, message, sender), delay, null, cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender) =>
        ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Start(new ScheduledTell(receiver, message, sender), initialDelay, interval, cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => Start(new ScheduledAction(action), delay, null, cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => ScheduleOnce(delay, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Start(new ScheduledAction(action), initialDelay, interval, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) => ScheduleRepeatedly(initialDelay, interval, action, null);

    private void Start(ScheduledWork work, TimeSpan delay, TimeSpan? interval, ICancelable? cancelable)
    {
        if (delay < TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(delay), delay, "A delay must not be negative.");
        if (interval <= TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(interval), interval, "An interval must be more than zero.");
        if (systemTerminated.IsCompleted || cancelable is { IsCancellationRequested: true }) return;
        work.Start(time, delay, interval, cancelable, systemTerminated);
    }
}
