using Bus.Core.Messages;
using Bus.Core.Routing;

namespace Bus.Core.Topics;

/// <summary>Told to the topic manager: add a subscription. The waiter hears when messages published from then on reach it.</summary>
internal sealed record Subscribe(Subscriber Subscriber, IRegistrationWaiter Waiter);

/// <summary>Told to the topic manager: remove a subscription, if it is known. The waiter hears when the topic actor was told.</summary>
internal sealed record Unsubscribe(Subscriber Subscriber, IRegistrationWaiter? Waiter = null);

/// <summary>Told to the topic manager: remove all of these, in one go.</summary>
internal sealed record UnsubscribeAll(IReadOnlyList<Subscriber> Subscribers);

/// <summary>Told to a topic actor by a queue member that had ended when the delivery came: pick somebody else.</summary>
internal sealed record HandBack(Delivery Delivery)
{
    /// <summary>Gives a delivery back of which nothing was taken: to its queue group, or to nobody.</summary>
    public static void Give(Delivery delivery, Router router)
    {
        if (delivery.Subscriber.Queue is null || delivery.Subscriber.Topic.IsNobody()) StatusMessage.Refuse(router, delivery);
        else delivery.Subscriber.Topic.Tell(new HandBack(delivery), ActorRefs.NoSender);
    }
}

/// <summary>Hears that a subscription is registered, or that its removal has reached its topic actor.</summary>
internal interface IRegistrationWaiter
{
    /// <summary>Registered in its topic actor and visible in the routing table, or gone from both. Called in the turn of the manager or of the topic actor: be quick.</summary>
    void Registered(Subscriber subscriber);
}
