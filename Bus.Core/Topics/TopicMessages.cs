using Bus.Core.Messages;

namespace Bus.Core.Topics;

/// <summary>Told to the topic manager: add a subscription. The waiter hears when messages published from then on reach it.</summary>
internal sealed record Subscribe(Subscriber Subscriber, IRegistrationWaiter Waiter);

/// <summary>Told to the topic manager: remove a subscription, if it is known. The waiter hears when the topic actor was told.</summary>
internal sealed record Unsubscribe(Subscriber Subscriber, IRegistrationWaiter? Waiter = null);

/// <summary>Told to the topic manager: remove all of these, in one go.</summary>
internal sealed record UnsubscribeAll(IReadOnlyList<Subscriber> Subscribers);

/// <summary>Told to a topic actor by a queue member that had ended when the delivery came: pick somebody else.</summary>
internal sealed record HandBack(Delivery Delivery);

/// <summary>Hears that a subscription is registered, or that its removal has reached its topic actor.</summary>
internal interface IRegistrationWaiter
{
    /// <summary>Registered in its topic actor and visible in the routing table, or gone from both. Called from the manager's turn: be quick.</summary>
    void Registered(Subscriber subscriber);
}
