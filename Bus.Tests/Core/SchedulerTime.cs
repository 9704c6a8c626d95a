namespace Bus.Tests.Core;

/// <summary>The clock of a system's scheduler: with virtual time, both stand still together.</summary>
internal sealed class SchedulerTime(IScheduler scheduler) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    // Not its MonotonicClock: in Akka that goes on by itself.
    public override long GetTimestamp() => scheduler.Now.UtcTicks;
}
