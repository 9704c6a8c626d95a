namespace Bus.Tests.Actors.Simulation;

public sealed class OrderTests
{
    [Fact]
    public void Messages_of_one_sender_arrive_all_and_in_order_under_every_schedule() => Schedules.Explore(2_000, simulated =>
    {
        const int Senders = 3;
        const int Receivers = 2;
        const int Each = 12;
        var received = Enumerable.Range(0, Receivers).Select(_ => new List<Numbered>()).ToArray();
        var receivers = received.Select(log => simulated.System.ActorOf(Props.Create(() => new Recorder(log, 0)))).ToArray();
        for (var sender = 0; sender < Senders; sender++)
        {
            var number = sender;
            simulated.System.ActorOf(Props.Create(() => new Sender(number, Each, receivers))).Tell("go", ActorRefs.NoSender);
            simulated.RunABit();
        }

        simulated.RunUntilIdle();
        foreach (var log in received)
        {
            for (var sender = 0; sender < Senders; sender++) Assert.Equal(Enumerable.Range(0, Each), log.Where(m => m.Sender == sender).Select(m => m.Number));
        }
    });

    [Fact]
    public void A_restart_loses_the_failed_message_and_no_other_under_every_schedule() => Schedules.Explore(2_000, simulated =>
    {
        const int Count = 30;
        var log = new List<Numbered>();
        var recorder = simulated.System.ActorOf(Props.Create(() => new Recorder(log, 7)));
        for (var i = 0; i < Count; i++)
        {
            recorder.Tell(new Numbered(0, i), ActorRefs.NoSender);
            simulated.RunABit();
        }

        simulated.RunUntilIdle();
        Assert.Equal(Enumerable.Range(0, Count).Where(i => i % 7 != 6), log.Select(m => m.Number));
    });

    [Fact]
    public void A_message_to_a_stopped_actor_is_a_dead_letter_and_none_is_lost_under_every_schedule() => Schedules.Explore(2_000, simulated =>
    {
        const int Count = 20;
        var (log, dead) = (new List<Numbered>(), new List<object>());
        simulated.System.EventStream.Subscribe<DeadLetter>(simulated.System.ActorOf(Props.Create(() => new DeadLetterLog(dead))));
        var recorder = simulated.System.ActorOf(Props.Create(() => new Recorder(log, 0)));
        var stopAt = simulated.Random.Next(Count);
        for (var i = 0; i < Count; i++)
        {
            recorder.Tell(new Numbered(0, i), ActorRefs.NoSender);
            if (i == stopAt) simulated.System.Stop(recorder);
            simulated.RunABit();
        }

        simulated.RunUntilIdle();
        Assert.Equal(Enumerable.Range(0, Count), log.Select(m => m.Number).Concat(dead.Cast<Numbered>().Select(m => m.Number)));
    });

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        Assert.Equal(Trace(42), Trace(42));
        Assert.NotEqual(Trace(42), Trace(43));

        static List<Numbered> Trace(int seed)
        {
            var log = new List<Numbered>();
            Schedules.Replay(seed, simulated =>
            {
                IActorRef[] receivers = [simulated.System.ActorOf(Props.Create(() => new Recorder(log, 0)))];
                for (var sender = 0; sender < 4; sender++)
                {
                    var number = sender;
                    simulated.System.ActorOf(Props.Create(() => new Sender(number, 10, receivers))).Tell("go", ActorRefs.NoSender);
                }

                simulated.RunUntilIdle();
            });
            return log;
        }
    }

    private sealed record Numbered(int Sender, int Number);

    private sealed class Sender(int number, int count, IActorRef[] receivers) : UntypedActor
    {
        private int _next;

        protected override void OnReceive(object message)
        {
            foreach (var receiver in receivers) receiver.Tell(new Numbered(number, _next), Self);
            if (++_next < count) Self.Tell(message, Self);
        }
    }

    /// <summary>Records what it handles and fails at every n-th message, if n is not zero.</summary>
    private sealed class Recorder(List<Numbered> log, int failEvery) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var numbered = (Numbered)message;
            if (failEvery > 0 && numbered.Number % failEvery == failEvery - 1) throw new InvalidOperationException("fails at this one");
            log.Add(numbered);
        }
    }

    private sealed class DeadLetterLog(List<object> log) : UntypedActor
    {
        protected override void OnReceive(object message) => log.Add(((DeadLetter)message).Message);
    }
}
