namespace Bus.Tests.Actors.Contract;

/// <summary>The scheduler under virtual time. Each step advances by one interval only: how many ticks a longer step brings is not part of the contract.</summary>
public sealed class SchedulerTests() : ContractTest(virtualTime: true)
{
    [Fact]
    public void A_message_comes_when_its_time_has_come_and_not_before()
    {
        Sys.Scheduler.ScheduleTellOnce(Second, TestActor, "now", TestActor);
        Time.Advance(TimeSpan.FromMilliseconds(999));
        ExpectNothingElse();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        ExpectMsg("now");
        Time.Advance(Second);
        ExpectNothingElse();
    }

    [Fact]
    public void The_sender_is_the_given_one()
    {
        var worker = StartWorker();
        Sys.Scheduler.ScheduleTellOnce(Second, TestActor, "now", worker);
        Time.Advance(Second);
        ExpectMsg("now");
        Assert.Equal(worker, LastSender);
    }

    [Fact]
    public void A_repeated_message_comes_in_every_interval()
    {
        Sys.Scheduler.ScheduleTellRepeatedly(Second, 2 * Second, TestActor, "tick", TestActor);
        Time.Advance(Second);
        ExpectMsg("tick");
        foreach (var _ in Enumerable.Range(0, 3))
        {
            Time.Advance(Second);
            ExpectNothingElse();
            Time.Advance(Second);
            ExpectMsg("tick");
        }
    }

    [Fact]
    public void What_is_cancelled_does_not_come()
    {
        var once = Sys.Scheduler.ScheduleTellOnceCancelable(Second, TestActor, "once", TestActor);
        var repeated = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(Second, Second, TestActor, "tick", TestActor);
        once.Cancel();
        Time.Advance(Second);
        ExpectMsg("tick");
        repeated.Cancel();
        Time.Advance(Second);
        ExpectNothingElse();
        Assert.True(once.IsCancellationRequested);
    }

    [Fact]
    public void Messages_come_in_the_order_of_their_times()
    {
        Sys.Scheduler.ScheduleTellOnce(3 * Second, TestActor, "third", TestActor);
        Sys.Scheduler.ScheduleTellOnce(1 * Second, TestActor, "first", TestActor);
        Sys.Scheduler.ScheduleTellOnce(2 * Second, TestActor, "second", TestActor);
        Time.Advance(3 * Second);
        Assert.Equal(["first", "second", "third"], ReceiveN(3));
    }

    [Fact]
    public void An_action_runs_when_its_time_has_come()
    {
        var target = TestActor;
        Sys.Scheduler.Advanced.ScheduleOnce(Second, () => target.Tell("ran", ActorRefs.NoSender));
        ExpectNothingElse();
        Time.Advance(Second);
        ExpectMsg("ran");
    }

    [Fact]
    public void A_repeated_action_runs_until_cancelled()
    {
        var target = TestActor;
        using var cancelable = new Cancelable(Sys.Scheduler);
        Sys.Scheduler.Advanced.ScheduleRepeatedly(Second, Second, () => target.Tell("ran", ActorRefs.NoSender), cancelable);
        Time.Advance(Second);
        ExpectMsg("ran");
        Time.Advance(Second);
        ExpectMsg("ran");
        cancelable.Cancel();
        Time.Advance(Second);
        ExpectNothingElse();
    }

    [Fact]
    public void The_clock_is_the_virtual_one()
    {
        var start = Sys.Scheduler.Now;
        Time.Advance(5 * Second);
        Assert.Equal(start + (5 * Second), Sys.Scheduler.Now);
        Time.AdvanceTo(start + (9 * Second));
        Assert.Equal(start + (9 * Second), Sys.Scheduler.Now);
    }

    [Fact]
    public void A_message_due_for_a_dead_actor_is_a_dead_letter()
    {
        var worker = StartWorker();
        Sys.Scheduler.ScheduleTellOnce(Second, worker, "late", TestActor);
        StopAndWait(worker);
        EventFilter.DeadLetter<string>(text => text == "late").ExpectOne(() => Time.Advance(Second));
    }
}
