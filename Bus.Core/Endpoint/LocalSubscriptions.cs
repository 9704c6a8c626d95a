using System.Collections.Concurrent;
using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.State;
using Bus.Core.Topics;

namespace Bus.Core.Endpoint;

/// <summary>The subscriptions of the bus in this process and their registration with the topics. Owned by the endpoint actor.</summary>
internal sealed class LocalSubscriptions(BusEnvironment environment, IActorRef topics, LocalProducer producer, OwedReplies owed, Openings openings, bool echo)
{
    private readonly Dictionary<SubscriptionCore, Entry> _open = [];
    private readonly Dictionary<IActorRef, SubscriptionCore> _byActor = [];
    private long _lastNumber;

    /// <summary>No subscription actor is left.</summary>
    public bool IsEmpty => _byActor.Count == 0;

    public void Open(OpenSubscription command, IActorContext context)
    {
        var (core, endpoint, shared, replies) = (command.Subscription, context.Self, environment, owed);
        // The caller may have given it up before it came here.
        if (core.HasEnded)
        {
            command.Opened();
            return;
        }

        var actor = context.ActorOf(Props.Create(() => new SubscriptionActor(core, endpoint, shared, replies)), $"s-{++_lastNumber}");
        context.Watch(actor);
        var subscribers = core.Filters.Select(filter => new LocalSubscriber(actor, filter, core.Queue)
        {
            Origin = producer,
            Echo = echo,
            Maximum = core.Options.MaxMessages,
        }).ToArray();
        _open.Add(core, new Entry(actor, subscribers));
        _byActor.Add(actor, core);
        var refusals = new ConcurrentQueue<TopicRefusal>();
        var number = openings.Begin();
        var waiter = new Waiter(endpoint, subscribers.Length, new Acknowledged(() => Opened(command, number, refusals, endpoint)), refusals);
        foreach (var subscriber in subscribers) topics.Tell(new Subscribe(subscriber, waiter), endpoint);
    }

    /// <summary>All filters are acknowledged: if one of them was refused, those that were not are given up, and only then the caller hears of it.</summary>
    private void Opened(OpenSubscription command, long number, ConcurrentQueue<TopicRefusal> refusals, IActorRef endpoint)
    {
        openings.End(number);
        var core = command.Subscription;
        if (!refusals.TryPeek(out var refusal))
        {
            command.Opened();
            return;
        }

        var error = TopicErrors.OfSubscription(core.Filters, refusal.Error, refusal.Text);
        if (!_open.Remove(core, out var entry))
        {
            command.Fail(error);
            return;
        }

        entry.Actor.Tell(new EndSubscription(Drain: false), endpoint);
        var waiter = new Waiter(endpoint, entry.Subscribers.Length, new Acknowledged(() => command.Fail(error)));
        foreach (var subscriber in entry.Subscribers) topics.Tell(new Unsubscribe(subscriber, waiter), endpoint);
    }

    /// <summary>Unsubscribes; the subscription's actor ends now, or behind what was delivered before the unsubscription took effect.</summary>
    public void Close(SubscriptionCore core, bool drain, IActorRef endpoint)
    {
        if (!_open.Remove(core, out var entry))
        {
            // Ended already, or draining: then it may be cut short.
            if (!drain && _byActor.FirstOrDefault(pair => ReferenceEquals(pair.Value, core)).Key is { } draining) draining.Tell(new EndSubscription(Drain: false), endpoint);
            else if (!_byActor.ContainsValue(core)) core.Finish(error: null);
            return;
        }

        var fences = drain ? entry.Subscribers.Length : 0;
        entry.Actor.Tell(new EndSubscription(drain, fences), endpoint);
        var waiter = drain ? new Waiter(endpoint, fences, new Acknowledged(() => SendFences(entry))) : null;
        foreach (var subscriber in entry.Subscribers) topics.Tell(new Unsubscribe(subscriber, waiter), endpoint);
    }

    public void CloseAll(IActorRef endpoint)
    {
        foreach (var core in _byActor.Values.ToArray()) Close(core, drain: false, endpoint);
    }

    /// <summary>Takes no more for any of them; those that are open fail with this behind what has arrived.</summary>
    public void EndAll(Exception reason)
    {
        foreach (var (core, entry) in _open.ToArray())
        {
            entry.Actor.Tell(new EndWithError(reason), ActorRefs.NoSender);
            Unsubscribe(core);
        }
    }

    /// <summary>The actor of a subscription has stopped.</summary>
    public void Ended(IActorRef actor)
    {
        if (_byActor.Remove(actor, out var core)) Unsubscribe(core);
    }

    /// <summary>Its actor takes no more messages.</summary>
    public void Unsubscribe(SubscriptionCore core)
    {
        if (!_open.Remove(core, out var entry)) return;
        topics.Tell(new UnsubscribeAll(entry.Subscribers), ActorRefs.NoSender);
    }

    public void Register(LocalSubscriber subscriber, IActorRef endpoint, object registered) =>
        topics.Tell(new Subscribe(subscriber, new Waiter(endpoint, 1, registered)), endpoint);

    public void UnregisterAll(LocalSubscriber inbox) =>
        topics.Tell(new UnsubscribeAll([inbox, .. _open.Values.SelectMany(entry => entry.Subscribers)]), ActorRefs.NoSender);

    /// <summary>Whether one of them sends this error up.</summary>
    public bool IsEscalated(Exception error) => _byActor.Values.Any(core => ReferenceEquals(core.Escalated, error));

    /// <summary>The endpoint fails: so do all of them.</summary>
    public void Fail(Exception error)
    {
        foreach (var core in _byActor.Values) core.Escalated ??= error;
    }

    private static void SendFences(Entry entry)
    {
        foreach (var subscriber in entry.Subscribers) subscriber.Topic.Tell(new Fence(entry.Actor, hops: 1), ActorRefs.NoSender);
    }

    /// <summary>Told to the endpoint when the topics have acknowledged: back in its own turn.</summary>
    internal sealed record Acknowledged(Action Complete) : IUndeliverable
    {
        // The endpoint has closed, and with it the subscription: nobody is to wait for it any more.
        void IUndeliverable.Undelivered() => Complete();
    }

    private sealed record Entry(IActorRef Actor, LocalSubscriber[] Subscribers);

    /// <summary>Tells the endpoint when all filters are acknowledged. Called in the topic manager's turn.</summary>
    private sealed class Waiter(IActorRef endpoint, int count, object message, ConcurrentQueue<TopicRefusal>? refusals = null) : IRegistrationWaiter
    {
        private int _left = count;

        public void Registered(Subscriber subscriber)
        {
            if (Interlocked.Decrement(ref _left) == 0) endpoint.Tell(message, ActorRefs.NoSender);
        }

        public void Refused(Subscriber subscriber, TopicRefusal refusal)
        {
            refusals?.Enqueue(refusal);
            Registered(subscriber);
        }
    }
}
