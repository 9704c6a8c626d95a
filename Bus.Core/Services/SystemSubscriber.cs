using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.Topics;

namespace Bus.Core.Services;

/// <summary>A filter of a service of the bus itself.</summary>
internal sealed class SystemSubscriber(IActorRef service, string filter) : Subscriber(service, filter, queue: null)
{
    /// <summary>Subscribes a service. Whoever starts it does this for it, so that it comes before every request.</summary>
    public static void Subscribe(IActorRef topics, IActorRef service, params ReadOnlySpan<string> filters)
    {
        foreach (var filter in filters) topics.Tell(new Subscribe(new SystemSubscriber(service, filter) { Origin = service }, Unnoticed.Instance), ActorRefs.NoSender);
    }

    private sealed class Unnoticed : IRegistrationWaiter
    {
        public static readonly Unnoticed Instance = new();

        public void Registered(Subscriber subscriber)
        {
            // Nobody waits: the mailbox of the topic manager keeps the order.
        }

        public void Refused(Subscriber subscriber, TopicRefusal refusal)
        {
            // What belongs to the bus is not refused.
        }
    }
}
