namespace Bus.Tests.Core;

/// <summary>The clock of a system's scheduler: with virtual time, both stand still together.</summary>
internal sealed class SchedulerTime(IScheduler scheduler) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => scheduler.MonotonicClock.Ticks;
}
