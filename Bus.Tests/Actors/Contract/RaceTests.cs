namespace Bus.Tests.Actors.Contract;

/// <summary>What only real threads can break.</summary>
public sealed class RaceTests : ContractTest
{
    [Fact]
    public async Task Every_message_told_while_an_actor_stops_is_either_handled_or_a_dead_letter()
    {
        const int Threads = 4;
        const int Each = 200;
        for (var round = 0; round < 50; round++)
        {
            var all = new CountdownEvent(Threads * Each);
            var letters = Sys.ActorOf(Props.Create(() => new Counter(all)));
            Sys.EventStream.Subscribe<DeadLetter>(letters);
            var actor = Sys.ActorOf(Props.Create(() => new Counter(all)));
            var tellers = Enumerable.Range(0, Threads).Select(number => Task.Run(() =>
            {
                for (var i = 0; i < Each; i++)
                {
                    actor.Tell(this, ActorRefs.NoSender);
                    if (number == 0 && i == Each / 2) Sys.Stop(actor);
                }
            }));
            await Task.WhenAll(tellers);
            Assert.True(all.Wait(Guard), $"{all.CurrentCount} messages are neither handled nor dead letters.");
            Assert.True(await letters.GracefulStop(Guard));
        }
    }

    [Fact]
    public async Task No_wake_up_is_lost_between_idle_and_busy()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < 5_000; i++) await echo.Ask<object>(this, Guard, CancellationToken.None);
        }));
    }

    [Fact]
    public async Task A_watch_that_races_with_the_end_of_the_actor_is_told_once()
    {
        for (var round = 0; round < 2_000; round++)
        {
            var actor = Sys.ActorOf(Props.Create(() => new Echo()));
            Sys.Stop(actor);
            Assert.True(await actor.GracefulStop(Guard));
        }
    }

    private sealed class Counter(CountdownEvent all) : UntypedActor
    {
        protected override void OnReceive(object message) => all.Signal();
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }
}
