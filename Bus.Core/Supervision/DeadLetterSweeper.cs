using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.State;
using Bus.Core.Topics;

namespace Bus.Core.Supervision;

/// <summary>
/// Takes the bus messages that reached nobody, because an actor stopped while they were on their way: gives their
/// memory and credit back, answers requests, and lets fences pass, so that nobody waits for what cannot come.
/// </summary>
internal sealed class DeadLetterSweeper(BusEnvironment environment) : UntypedActor
{
    /// <summary>
    /// Starts it, subscribed already: on its own it would be so only in its first turn, and miss who is closed in the moment in which a bus starts.
    /// </summary>
    public static IActorRef Start(IActorRefFactory parent, BusEnvironment environment)
    {
        var sweeper = parent.ActorOf(Props.Create(() => new DeadLetterSweeper(environment)), "dead-letters");
        var system = parent is IActorContext context ? context.System : (ActorSystem)parent;
        system.EventStream.Subscribe(sweeper, typeof(DeadLetter));
        return sweeper;
    }

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        if (message is not DeadLetter letter) return;
        switch (letter.Message)
        {
            case Delivery delivery:
                // Its recipient has stopped, and told of it before its topics took notice: another member of its queue group gets it.
                HandBack.Give(delivery, environment.Router);
                break;
            case PublishBatch batch:
                RefuseRequests(batch);
                batch.Release();
                break;
            case HandBack handBack:
                StatusMessage.Refuse(environment.Router, handBack.Delivery, handBack.From);
                break;
            case IUndeliverable undeliverable:
                undeliverable.Undelivered();
                break;
            case Fence fence when !ReferenceEquals(fence.Endpoint, letter.Recipient):
                fence.Endpoint.Tell(fence, Self);
                break;
            case Fence { Tag: IUndeliverable flush }:
                // The endpoint is gone: whoever waits for the fence would wait for nothing.
                flush.Undelivered();
                break;
        }
    }

    /// <summary>The topic actor stopped with the batch in its mailbox: its filter lost the last subscriber meanwhile.</summary>
    private void RefuseRequests(PublishBatch batch)
    {
        if (!batch.HasReplies || !batch.Producer.WantsNoResponders) return;
        for (var i = 0; i < batch.Count; i++)
        {
            ref readonly var entry = ref batch[i];
            if (entry.HasReply && (entry.Shared?.Complete(reached: false) ?? true)) StatusMessage.NoResponders(environment.Router, batch.Producer, batch.ReplyTo(i));
        }
    }
}
