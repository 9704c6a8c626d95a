using System.Collections.Concurrent;

namespace Bus.Actors;

/// <summary>
/// An immutable set of subscriptions with a cache of who gets which type of event. A change makes a new object with an empty cache, so that
/// publishing needs no lock and can't use a stale entry.
/// </summary>
internal sealed class Subscriptions
{
    internal static readonly Subscriptions None = new([]);

    private readonly (IActorRef Subscriber, Type Channel)[] _entries;
    private readonly ConcurrentDictionary<Type, IActorRef[]> _byType = new();
    private readonly Func<Type, IActorRef[]> _find;

    private Subscriptions((IActorRef Subscriber, Type Channel)[] entries)
    {
        _entries = entries;
        _find = type => [.. _entries.Where(entry => entry.Channel.IsAssignableFrom(type)).Select(entry => entry.Subscriber).Distinct()];
    }

    internal IActorRef[] For(Type type) => _entries.Length == 0 ? [] : _byType.GetOrAdd(type, _find);

    internal Subscriptions? With(IActorRef subscriber, Type channel) =>
        _entries.Contains((subscriber, channel)) ? null : new Subscriptions([.. _entries, (subscriber, channel)]);

    /// <summary>Without one channel of a subscriber, or without all if <paramref name="channel"/> is null; null if nothing changes.</summary>
    internal Subscriptions? Without(IActorRef subscriber, Type? channel)
    {
        var left = Array.FindAll(_entries, entry => !(entry.Subscriber.Equals(subscriber) && (channel is null || entry.Channel == channel)));
        return left.Length == _entries.Length ? null : new Subscriptions(left);
    }
}
