#nullable disable
namespace Bus.Actors;

/// <summary>Subscribing with a type argument.</summary>
public static class EventStreamExtensions
{
    /// <summary>Begins to publish events of a type to an actor.</summary>
    /// <typeparam name="TChannel">The type; events of derived types count.</typeparam>
    /// <param name="eventStream">The stream.</param>
    /// <param name="subscriber">The actor.</param>
    /// <returns>False if it was subscribed to that type already.</returns>
    public static bool Subscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) => eventStream.Subscribe(subscriber, typeof(TChannel));

    /// <summary>Ends one subscription.</summary>
    /// <typeparam name="TChannel">The type.</typeparam>
    /// <param name="eventStream">The stream.</param>
    /// <param name="subscriber">The actor.</param>
    /// <returns>False if there was none.</returns>
    public static bool Unsubscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) => eventStream.Unsubscribe(subscriber, typeof(TChannel));
}
