namespace Bus.Tests.Actors.Contract;

public sealed class FairnessTests : ContractTest
{
    [Fact]
    public async Task Actors_that_talk_to_each_other_without_end_leave_threads_to_the_others()
    {
        var pairs = new List<IActorRef>();
        for (var i = 0; i < Environment.ProcessorCount * 8; i++)
        {
            var one = Sys.ActorOf(Props.Create(() => new Echo()));
            var other = Sys.ActorOf(Props.Create(() => new Echo()));
            pairs.AddRange([one, other]);
            one.Tell("endless", other);
        }

        var outsider = Sys.ActorOf(Props.Create(() => new Echo()));
        for (var i = 0; i < 20; i++) Assert.Equal("short", await outsider.Ask<string>("short", Guard));
        foreach (var actor in pairs) Sys.Stop(actor);
    }

    [Fact]
    public async Task An_actor_with_a_long_queue_leaves_threads_to_the_others()
    {
        var busy = Enumerable.Range(0, Environment.ProcessorCount * 8).Select(_ => Sys.ActorOf(Props.Create(() => new Echo()))).ToList();
        foreach (var actor in busy) actor.Tell("endless", actor);
        var outsider = Sys.ActorOf(Props.Create(() => new Echo()));
        for (var i = 0; i < 20; i++) Assert.Equal("short", await outsider.Ask<string>("short", Guard));
        foreach (var actor in busy) Sys.Stop(actor);
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }
}
