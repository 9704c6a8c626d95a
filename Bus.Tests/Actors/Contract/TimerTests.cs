namespace Bus.Tests.Actors.Contract;

public sealed class TimerTests() : ContractTest(virtualTime: true)
{
    [Fact]
    public void A_single_timer_fires_once()
    {
        var actor = StartTimed();
        With(actor, timers => timers.StartSingleTimer("key", "fired", Second));
        Time.Advance(Second / 2);
        Settle(actor);
        Time.Advance(Second / 2);
        ExpectMsg("fired");
        Time.Advance(Second);
        Settle(actor);
    }

    [Fact]
    public void A_periodic_timer_fires_in_every_interval()
    {
        var actor = StartTimed();
        With(actor, timers => timers.StartPeriodicTimer("key", "tick", Second));
        foreach (var _ in Enumerable.Range(0, 3))
        {
            Time.Advance(Second);
            ExpectMsg("tick");
        }
    }

    [Fact]
    public void A_periodic_timer_can_start_with_another_delay()
    {
        var actor = StartTimed();
        With(actor, timers => timers.StartPeriodicTimer("key", "tick", 3 * Second, Second));
        Time.Advance(2 * Second);
        Settle(actor);
        Time.Advance(Second);
        ExpectMsg("tick");
        Time.Advance(Second);
        ExpectMsg("tick");
    }

    [Fact]
    public void A_timer_with_the_same_key_replaces_the_first()
    {
        var actor = StartTimed();
        With(actor, timers => timers.StartSingleTimer("key", "first", Second));
        With(actor, timers => timers.StartSingleTimer("key", "second", Second));
        Time.Advance(Second);
        ExpectMsg("second");
        Settle(actor);
    }

    [Fact]
    public void A_cancelled_timer_does_not_fire()
    {
        var actor = StartTimed();
        With(actor, timers => timers.StartSingleTimer("one", "one", Second));
        With(actor, timers => timers.StartPeriodicTimer("two", "two", Second));
        With(actor, timers => timers.Cancel("one"));
        Time.Advance(Second);
        ExpectMsg("two");
        With(actor, timers => timers.CancelAll());
        Time.Advance(Second);
        Settle(actor);
    }

    [Fact]
    public void A_timer_knows_whether_it_is_active()
    {
        var actor = StartTimed();
        bool before = true, during = false, after = true;
        With(actor, timers => before = timers.IsTimerActive("key"));
        With(actor, timers => timers.StartSingleTimer("key", "fired", Second));
        With(actor, timers => during = timers.IsTimerActive("key"));
        Time.Advance(Second);
        ExpectMsg("fired");
        With(actor, timers => after = timers.IsTimerActive("key"));
        Assert.Equal((false, true, false), (before, during, after));
    }

    [Fact]
    public void A_timer_cancelled_in_the_turn_in_which_it_is_queued_is_not_seen()
    {
        var actor = StartTimed();
        With(actor, timers => timers.StartSingleTimer("key", "fired", Second));
        With(actor, timers =>
        {
            Time.Advance(Second);
            timers.Cancel("key");
        });
        Settle(actor);
    }

    [Fact]
    public void A_restart_cancels_the_timers()
    {
        var actor = StartTimed();
        With(actor, timers => timers.StartPeriodicTimer("key", "tick", Second));
        actor.Tell(Crash.With("restart"), TestActor);
        Settle(actor);
        Time.Advance(Second);
        Settle(actor);
    }

    [Fact]
    public void A_stop_cancels_the_timers()
    {
        var letters = Listen(typeof(AllDeadLetters));
        var actor = StartTimed();
        With(actor, timers => timers.StartPeriodicTimer("key", "tick", Second));
        StopAndWait(actor);
        Time.Advance(Second);
        letters.Ref.Tell("fence", TestActor);
        letters.ExpectMsg("fence");
    }

    [Fact]
    public void Timers_of_two_actors_do_not_meet()
    {
        var (a, b) = (StartTimed(), StartTimed());
        With(a, timers => timers.StartSingleTimer("key", "a", Second));
        With(b, timers => timers.StartSingleTimer("key", "b", 2 * Second));
        Time.Advance(Second);
        ExpectMsg("a");
        Time.Advance(Second);
        ExpectMsg("b");
    }

    private IActorRef StartTimed() => Sys.ActorOf(Props.Create(() => new Timed(TestActor)));

    private void With(IActorRef actor, Action<ITimerScheduler> action)
    {
        actor.Tell(action, TestActor);
        Fence(actor);
    }

    /// <summary>The actor has handled everything, and nothing came of it.</summary>
    private void Settle(IActorRef actor)
    {
        Fence(actor);
        ExpectNothingElse();
    }

    private sealed class Timed : UntypedActor, IWithTimers
    {
        private readonly IActorRef _log;

        public Timed(IActorRef log)
        {
            _log = log;
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Action<ITimerScheduler> action:
                    action(Timers);
                    break;
                case Ping:
                    Sender.Tell(Pong.Instance, Self);
                    break;
                case Crash crash:
                    throw crash.Reason;
                default:
                    _log.Tell(message, Self);
                    break;
            }
        }
    }
}
