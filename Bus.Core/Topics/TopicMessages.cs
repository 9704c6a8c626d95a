using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.State;

namespace Bus.Core.Topics;

/// <summary>Told to the topic manager: add a subscription. The waiter hears when messages published from then on reach it.</summary>
internal sealed record Subscribe(Subscriber Subscriber, IRegistrationWaiter Waiter);

/// <summary>Told to the topic manager: remove a subscription, if it is known. The waiter hears when the topic actor was told.</summary>
internal sealed record Unsubscribe(Subscriber Subscriber, IRegistrationWaiter? Waiter = null);

/// <summary>Told to the topic manager: remove all of these, in one go.</summary>
internal sealed record UnsubscribeAll(IReadOnlyList<Subscriber> Subscribers);

/// <summary>Told to a topic actor by a queue member that had ended when the delivery came, or has no room for it: pick somebody else.</summary>
/// <param name="Delivery">What was picked for it.</param>
/// <param name="From">How much of it was taken.</param>
/// <param name="IsSlow">It has no room, and hears <see cref="MessagesDropped"/> if nobody else has.</param>
internal sealed record HandBack(Delivery Delivery, int From, bool IsSlow)
{
    /// <summary>Gives a delivery back of which nothing, or not all, was taken: to its queue group, or to nobody.</summary>
    public static void Give(Delivery delivery, Router router, int from = 0, bool isSlow = false)
    {
        if (delivery.Subscriber.Queue is null || delivery.Subscriber.Topic.IsNobody()) StatusMessage.Refuse(router, delivery, from);
        else delivery.Subscriber.Topic.Tell(new HandBack(delivery, from, isSlow), ActorRefs.NoSender);
    }
}

/// <summary>Told to a queue member that had no room for messages: no other member took them, and they are dropped.</summary>
internal sealed record MessagesDropped(Subscriber Subscriber, int Count);

/// <summary>Hears that a subscription is registered, or that its removal has reached its topic actor.</summary>
internal interface IRegistrationWaiter
{
    /// <summary>Registered in its topic actor and visible in the routing table, or gone from both. Called in the turn of the manager or of the topic actor: be quick.</summary>
    void Registered(Subscriber subscriber);

    /// <summary>It may not subscribe, and nothing has changed. Called in the turn of the manager: be quick.</summary>
    void Refused(Subscriber subscriber, TopicRefusal refusal);
}

/// <summary>Told to the topic manager by the service that somebody has asked.</summary>
/// <param name="Asker">The service.</param>
/// <param name="ReplyTo">Who waits for its answer.</param>
/// <param name="Waiting">Left when the manager takes it.</param>
internal abstract record TopicRequest(IActorRef Asker, byte[] ReplyTo, Turnstile Waiting);

/// <summary>Declare a topic. Answered with <see cref="TopicChanged"/> when it holds for everybody.</summary>
internal sealed record DeclareTopic(TopicDeclaration Declaration, IActorRef Asker, byte[] ReplyTo, Turnstile Waiting) : TopicRequest(Asker, ReplyTo, Waiting);

/// <summary>Delete a declared topic, with its subscriptions and values. Answered with <see cref="TopicChanged"/>.</summary>
internal sealed record DeleteTopic(byte[] Name, IActorRef Asker, byte[] ReplyTo, Turnstile Waiting) : TopicRequest(Asker, ReplyTo, Waiting);

/// <summary>Told back: then the manager has seen all that was told to it before.</summary>
internal sealed record ListTopics(byte[] Filter, IActorRef Asker, byte[] ReplyTo, Turnstile Waiting) : TopicRequest(Asker, ReplyTo, Waiting);

/// <summary>Told by the topic manager: what became of it.</summary>
/// <param name="ReplyTo">Who waits for the answer.</param>
/// <param name="Change">What has changed; null if it was refused.</param>
/// <param name="Refusal">Why it was refused.</param>
internal sealed record TopicChanged(byte[] ReplyTo, TopicChange? Change, TopicRefusal? Refusal);

/// <summary>Told to a topic actor: these are no subscribers any more. Each recipient hears of it behind everything that was published before.</summary>
internal sealed record Farewell(IReadOnlyList<Subscriber> Leaving, TopicRefusal Reason) : IUndeliverable
{
    public void Tell()
    {
        foreach (var subscriber in Leaving) subscriber.Recipient.Tell(new SubscriptionEnded(subscriber, Reason), ActorRefs.NoSender);
    }

    /// <summary>The topic actor has stopped: nothing is on its way from there.</summary>
    void IUndeliverable.Undelivered() => Tell();
}

/// <summary>Told to the recipient of a subscription: the topics know it no more, or never did.</summary>
internal sealed record SubscriptionEnded(Subscriber Subscriber, TopicRefusal Reason);
