namespace Bus.Tests.Actors.Contract;

public sealed class BackoffTests() : ContractTest(virtualTime: true)
{
    [Fact]
    public void A_stopped_child_is_started_again_after_a_growing_time()
    {
        var supervisor = Start(Backoff.OnStop(Worker.With(TestActor), "child", Second, 10 * Second, 0.0, -1));
        foreach (var seconds in (int[])[1, 2, 4, 8, 10, 10])
        {
            StopAndWait(Child(supervisor));
            AssertStartedAgainAfter(seconds * Second, supervisor);
        }
    }

    [Fact]
    public void A_failed_child_is_started_again_after_a_growing_time()
    {
        var supervisor = Start(Backoff.OnFailure(Worker.With(TestActor), "child", Second, 10 * Second, 0.0, -1));
        foreach (var seconds in (int[])[1, 2, 4])
        {
            supervisor.Tell(Crash.With("back off"), TestActor);
            AssertStartedAgainAfter(seconds * Second, supervisor);
        }
    }

    [Fact]
    public void Messages_go_to_the_child_with_their_sender()
    {
        var supervisor = Start(Backoff.OnFailure(Worker.With(TestActor), "child", Second, 10 * Second, 0.0, -1));
        supervisor.Tell("for the child", TestActor);
        ExpectMsg("for the child");
        Assert.Equal(supervisor.Path / "child", LastSender.Path);
    }

    [Fact]
    public void While_the_child_is_down_messages_are_dead_letters()
    {
        var supervisor = Start(Backoff.OnFailure(Worker.With(TestActor), "child", Second, 10 * Second, 0.0, -1));
        Fail(supervisor);
        EventFilter.DeadLetter<string>(text => text == "nobody home").ExpectOne(() => supervisor.Tell("nobody home", TestActor));
    }

    [Fact]
    public void While_the_child_is_down_a_reply_can_be_given()
    {
        var supervisor = Start(Backoff.OnFailure(Worker.With(TestActor), "child", Second, 10 * Second, 0.0, -1).WithReplyWhileStopped("closed"));
        Fail(supervisor);
        supervisor.Tell("nobody home", TestActor);
        ExpectMsg("closed");
    }

    [Fact]
    public void The_count_of_restarts_is_reset_after_a_good_time()
    {
        var supervisor = Start(Backoff.OnFailure(Worker.With(TestActor), "child", Second, 10 * Second, 0.0, -1).WithAutoReset(5 * Second));
        Fail(supervisor);
        Assert.Equal(1, Restarts(supervisor));
        Time.Advance(Second);
        Assert.False(Child(supervisor).IsNobodyOrNull());
        Time.Advance(5 * Second);
        AwaitAssert(() => Assert.Equal(0, Restarts(supervisor)));
    }

    [Fact]
    public void After_the_last_retry_the_supervisor_stops()
    {
        var supervisor = Start(Backoff.OnFailure(Worker.With(TestActor), "child", Second, 10 * Second, 0.0, 1));
        Watch(supervisor);
        Fail(supervisor);
        Time.Advance(Second);
        Assert.False(Child(supervisor).IsNobodyOrNull());
        supervisor.Tell(Crash.With("once too often"), TestActor);
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void A_child_of_OnFailure_that_stops_itself_stops_the_supervisor()
    {
        var supervisor = Start(Backoff.OnFailure(Worker.With(TestActor), "child", Second, 10 * Second, 0.0, -1));
        Watch(supervisor);
        Sys.Stop(Child(supervisor));
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void A_failure_that_is_not_restarted_is_not_backed_off()
    {
        var resume = new OneForOneStrategy(_ => Directive.Resume);
        var supervisor = Start(Backoff.OnFailure(Worker.With(TestActor), "child", Second, 10 * Second, 0.0, -1).WithSupervisorStrategy(resume));
        supervisor.Tell(5, TestActor);
        supervisor.Tell(Crash.With("never mind"), TestActor);
        supervisor.Tell(new GetTotal(), TestActor);
        ExpectMsg(5);
    }

    private void AssertStartedAgainAfter(TimeSpan pause, IActorRef supervisor)
    {
        AwaitAssert(() => Assert.True(Child(supervisor).IsNobodyOrNull()));
        Time.Advance(pause - TimeSpan.FromMilliseconds(1));
        Assert.True(Child(supervisor).IsNobodyOrNull());
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(Child(supervisor).IsNobodyOrNull());
    }

    private IActorRef Start(BackoffOptions options) => Sys.ActorOf(BackoffSupervisor.Props(options), "supervisor");

    private void Fail(IActorRef supervisor)
    {
        supervisor.Tell(Crash.With("back off"), TestActor);
        AwaitAssert(() => Assert.True(Child(supervisor).IsNobodyOrNull()));
    }

    private IActorRef Child(IActorRef supervisor)
    {
        var probe = CreateTestProbe();
        supervisor.Tell(BackoffSupervisor.GetCurrentChild.Instance, probe.Ref);
        return probe.ExpectMsg<BackoffSupervisor.CurrentChild>().Ref;
    }

    private int Restarts(IActorRef supervisor)
    {
        var probe = CreateTestProbe();
        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance, probe.Ref);
        return probe.ExpectMsg<BackoffSupervisor.RestartCount>().Count;
    }
}

internal static class CurrentChildren
{
    /// <summary>A backoff supervisor whose child is down says so by null.</summary>
    public static bool IsNobodyOrNull(this IActorRef? child) => child is null || child.IsNobody();
}
