namespace Bus.Tests.Actors.Contract;

/// <summary>How the time of a test goes on.</summary>
public sealed class VirtualTimeTests() : ContractTest(virtualTime: true)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_timer_that_a_callback_starts_waits_for_the_next_advance()
    {
        var target = TestActor;
        Sys.Scheduler.Advanced.ScheduleOnce(Minute, () => Sys.Scheduler.ScheduleTellOnce(TimeSpan.Zero, target, "second", ActorRefs.NoSender));
        Time.Advance(2 * Minute);
        Assert.False(HasMessages);
        Time.Advance(TimeSpan.Zero);
        ExpectMsg("second");
    }

    [Fact]
    public void What_repeats_comes_once_per_advance()
    {
        Sys.Scheduler.ScheduleTellRepeatedly(Minute, Minute, TestActor, "tick", TestActor);
        Time.Advance(10 * Minute);
        ExpectMsg("tick");
        TestActor.Tell("fence", TestActor);
        ExpectMsg("fence");
    }

    [Fact]
    public void Time_does_not_go_back() => Assert.Throws<InvalidOperationException>(() => Time.AdvanceTo(Time.Now - Minute));
}
