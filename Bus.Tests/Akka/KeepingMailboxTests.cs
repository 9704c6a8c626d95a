using Akka.Dispatch.MessageQueues;
using Bus.Core;

namespace Bus.Tests.Akka;

/// <summary>The mailboxes of a bus on Akka lose nothing when an actor stops.</summary>
public sealed class KeepingMailboxTests : Actors.ActorTestKit
{
    [Fact]
    public void Who_was_held_up_while_the_actor_stopped_reaches_the_dead_letters()
    {
        var (queue, dead) = (new BusSystem.KeepingQueue(), new UnboundedMessageQueue());
        queue.Enqueue(TestActor, new Envelope("before", TestActor));
        queue.CleanUp(TestActor, dead);
        queue.Enqueue(TestActor, new Envelope("held up", TestActor));
        Assert.Equal(["before", "held up"], new[] { Next(dead), Next(dead) });
        Assert.False(queue.HasMessages);
    }

    [Fact]
    public async Task Nothing_is_lost_between_those_who_enqueue_and_the_one_who_empties()
    {
        const int Each = 200;
        for (var round = 0; round < 200; round++)
        {
            var (queue, dead) = (new BusSystem.KeepingQueue(), new UnboundedMessageQueue());
            var senders = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            {
                for (var i = 0; i < Each; i++) queue.Enqueue(TestActor, new Envelope("x", TestActor));
            })).ToList();
            queue.CleanUp(TestActor, dead);
            await Task.WhenAll(senders);
            Assert.Equal((3 * Each, 0), (dead.Count, queue.Count));
        }
    }

    [Fact]
    public async Task Every_actor_of_a_bus_has_one()
    {
        var system = BusSystem.Create("mailboxes");
        try
        {
            var actor = system.ActorOf(Props.Create(() => new Echo()));
            await actor.Ask("?", TimeSpan.FromSeconds(30));
            Assert.IsType<BusSystem.KeepingQueue>(((ActorCell)((ActorRefWithCell)actor).Underlying).Mailbox.MessageQueue);
        }
        finally
        {
            await system.Terminate();
        }
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }

    private static object Next(UnboundedMessageQueue queue) => queue.TryDequeue(out var envelope) ? envelope.Message : "nothing";
}
