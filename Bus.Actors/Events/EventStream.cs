#nullable disable
namespace Bus.Actors;

/// <summary>
/// Publishes events of the runtime, and any others, to the actors that subscribed to their type or a base type or interface of it. Thread-safe. A
/// subscriber gets an event once, however many of its subscriptions fit, and is dropped when it stops.
/// </summary>
public sealed class EventStream
{
    private readonly Lock _gate = new();
    private volatile Subscriptions _subscriptions = Subscriptions.None;
    private SubscriberWatch _watch;

    internal EventStream()
    {
    }

    /// <summary>From which severity on log events are published; <see cref="Actors.LogLevel.InfoLevel"/> by default.</summary>
    public LogLevel LogLevel { get; internal set; } = LogLevel.InfoLevel;

    /// <summary>Begins to publish events of a type to an actor.</summary>
    /// <param name="subscriber">The actor.</param>
    /// <param name="channel">The type; events of derived types count.</param>
    /// <returns>False if it was subscribed to that type already.</returns>
    public bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(channel);
        lock (_gate)
        {
            var with = _subscriptions.With(subscriber, channel);
            if (with is null) return false;
            _subscriptions = with;
        }

        if (subscriber is IInternalActorRef watched && _watch is { } watch) watched.SendSystemMessage(new WatchMessage(watched, watch));
        return true;
    }

    /// <summary>Ends one subscription.</summary>
    /// <param name="subscriber">The actor.</param>
    /// <param name="channel">The type.</param>
    /// <returns>False if there was none.</returns>
    public bool Unsubscribe(IActorRef subscriber, Type channel) => Remove(subscriber, channel);

    /// <summary>Ends all subscriptions of an actor.</summary>
    /// <param name="subscriber">The actor.</param>
    /// <returns>False if there was none.</returns>
    public bool Unsubscribe(IActorRef subscriber) => Remove(subscriber, null);

    /// <summary>Tells an event to all who subscribed to its type. The sender is nobody.</summary>
    /// <param name="event">The event; never null.</param>
    public void Publish(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        foreach (var subscriber in _subscriptions.For(@event.GetType())) subscriber.Tell(@event, ActorRefs.NoSender);
    }

    internal void DropSubscribersThatStop(ActorSystemImpl system) => _watch = new SubscriberWatch(system, this);

    internal bool HasSubscribers(Type type) => _subscriptions.For(type).Length > 0;

    private bool Remove(IActorRef subscriber, Type channel)
    {
        lock (_gate)
        {
            var without = _subscriptions.Without(subscriber, channel);
            if (without is null) return false;
            _subscriptions = without;
            return true;
        }
    }

    /// <summary>Learns of the end of subscribers; no actor, since all it does is to remove an entry.</summary>
    private sealed class SubscriberWatch(ActorSystemImpl system, EventStream stream) : InternalActorRef(system)
    {
        public override ActorPath Path { get; } = system.RootPath.Child("eventStream");

        public override void Tell(object message, IActorRef sender)
        {
        }

        public override void SendSystemMessage(SystemMessage message)
        {
            if (message is DeathWatchNotification notification) stream.Unsubscribe(notification.Actor);
        }
    }
}
