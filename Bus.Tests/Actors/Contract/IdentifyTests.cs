namespace Bus.Tests.Actors.Contract;

public sealed class IdentifyTests : ContractTest
{
    [Fact]
    public async Task Every_actor_says_who_it_is()
    {
        var worker = StartWorker();
        var identity = await worker.Ask<ActorIdentity>(new Identify("a question"), Guard);
        Assert.Equal(("a question", worker), (identity.MessageId, identity.Subject));
    }

    [Fact]
    public async Task A_parent_that_answers_has_freed_the_names_of_the_children_that_ended_before()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent()));
        for (var i = 0; i < 100; i++)
        {
            var child = await parent.Ask<IActorRef>("start", Guard);
            Assert.True(await child.GracefulStop(Guard));
            await parent.Ask<ActorIdentity>(new Identify(i), Guard);
        }
    }

    private sealed class Parent : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(Context.ActorOf(Props.Create(() => new Child()), "child"), Self);
    }

    private sealed class Child : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }
}
