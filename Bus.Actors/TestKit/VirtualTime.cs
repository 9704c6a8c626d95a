namespace Bus.Actors.TestKit;

/// <summary>
/// A clock that stands still until it is advanced. Each timer fires at most once per advance, in the order of due times, and a periodic one is due
/// again an interval after the new time: exactly as Akka's test scheduler does it, so a test that wants three ticks advances three times.
/// Timers that a callback starts wait for the next advance, even when they are due at once. Thread-safe; callbacks run on the advancing thread.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<VirtualTimer> _timers = [];
    private TimeSpan _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return Epoch + _elapsed;
    }

    public override long GetTimestamp()
    {
        lock (_gate) return _elapsed.Ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan offset)
    {
        if (offset < TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(offset), offset, "Time does not go back: advance by zero or more.");
        foreach (var (timer, due) in Due(offset))
        {
            if (TryFire(timer, due)) timer.Callback(timer.State);
        }
    }

    private List<(VirtualTimer Timer, TimeSpan Due)> Due(TimeSpan offset)
    {
        lock (_gate)
        {
            _elapsed += offset;
            return [.. _timers.Where(timer => timer.Due <= _elapsed).OrderBy(timer => timer.Due).Select(timer => (timer, timer.Due))];
        }
    }

    /// <summary>False when an earlier callback of this advance stopped or changed the timer.</summary>
    private bool TryFire(VirtualTimer timer, TimeSpan due)
    {
        lock (_gate)
        {
            if (timer.Due != due || !_timers.Contains(timer)) return false;
            if (timer.Period > TimeSpan.Zero) timer.Due = _elapsed + timer.Period;
            else _timers.Remove(timer);
            return true;
        }
    }

    private bool Change(VirtualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            if (timer.IsDisposed) return false;
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan) return true;
            timer.Due = _elapsed + dueTime;
            timer.Period = period;
            _timers.Add(timer);
            return true;
        }
    }

    private void Dispose(VirtualTimer timer)
    {
        lock (_gate)
        {
            timer.IsDisposed = true;
            _timers.Remove(timer);
        }
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimerCallback Callback { get; } = callback;

        public object? State { get; } = state;

        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; set; }

        public bool IsDisposed { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period) => time.Change(this, dueTime, period);

        public void Dispose() => time.Dispose(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
