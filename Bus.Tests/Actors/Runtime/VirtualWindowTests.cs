namespace Bus.Tests.Actors.Runtime;

/// <summary>What the virtual clock of the built-in runtime drives beyond what Akka's does: Ask's timeout and the windows of restarts.</summary>
public sealed class VirtualWindowTests() : ActorTestKit(virtualTime: true)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task An_ask_times_out_in_virtual_time()
    {
        var answer = TestActor.Ask<string>("question", Minute, CancellationToken.None);
        await ExpectMsgAsync("question");
        Time.Advance(Minute - TimeSpan.FromTicks(1));
        Assert.False(answer.IsCompleted);
        Time.Advance(TimeSpan.FromTicks(1));
        await Assert.ThrowsAsync<AskTimeoutException>(() => answer);
    }

    [Fact]
    public void Restarts_are_counted_anew_when_their_window_is_over()
    {
        var child = StartSupervised(new OneForOneStrategy(2, (int)Minute.TotalMilliseconds, _ => Directive.Restart));
        Watch(child);
        foreach (var _ in Enumerable.Range(0, 5))
        {
            Crash(child);
            Crash(child);
            Time.Advance(Minute + TimeSpan.FromMilliseconds(1));
        }

        Crash(child);
        Crash(child);
        child.Tell("crash", TestActor);
        ExpectTerminated(child);
    }

    [Fact]
    public void Time_does_not_go_back_either_by_a_negative_step() => Assert.Throws<ArgumentOutOfRangeException>(() => Time.Advance(-Minute));

    private void Crash(IActorRef child)
    {
        child.Tell("crash", TestActor);
        child.Tell("after", TestActor);
        ExpectMsg("after");
    }

    private IActorRef StartSupervised(SupervisorStrategy strategy)
    {
        var log = TestActor;
        Sys.ActorOf(Props.Create(() => new Parent(strategy, log)));
        return ExpectMsg<IActorRef>();
    }

    private sealed class Parent : UntypedActor
    {
        private readonly SupervisorStrategy _strategy;

        public Parent(SupervisorStrategy strategy, IActorRef log)
        {
            _strategy = strategy;
            log.Tell(Context.ActorOf(Props.Create(() => new Child(log))), Self);
        }

        protected override SupervisorStrategy SupervisorStrategy() => _strategy;

        protected override void OnReceive(object message) => Unhandled(message);
    }

    private sealed class Child : UntypedActor
    {
        private readonly IActorRef _log;

        public Child(IActorRef log)
        {
            _log = log;
        }

        protected override void OnReceive(object message)
        {
            if (message is "crash") throw new InvalidOperationException("crash");
            _log.Tell(message, Self);
        }
    }
}
