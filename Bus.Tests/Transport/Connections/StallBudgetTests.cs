using Bus.Transport.Connections;

namespace Bus.Tests.Transport.Connections;

public sealed class StallBudgetTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime _time = new();

    [Fact]
    public void Time_that_is_stalled_is_used_up_and_other_time_is_not()
    {
        var budget = new StallBudget(2 * Second, 10 * Second, _time);
        budget.Begin();
        _time.Advance(Second);
        budget.End();
        _time.Advance(5 * Second);

        Assert.Equal(Second, budget.Left());

        budget.Begin();
        _time.Advance(Second);
        Assert.Equal(TimeSpan.Zero, budget.Left());
    }

    [Fact]
    public void What_is_older_than_the_window_is_forgotten()
    {
        var budget = new StallBudget(2 * Second, 10 * Second, _time);
        budget.Begin();
        _time.Advance(Second);
        budget.End();

        _time.Advance(11 * Second);

        Assert.Equal(2 * Second, budget.Left());
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan by) => _now += by.Ticks;
    }
}
