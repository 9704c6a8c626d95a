using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.Topics;

namespace Bus.Transport.Connections;

/// <summary>The subscriptions of one connection by sid, and their registration with the topic manager. Single-threaded.</summary>
internal sealed class SubscriptionTable(IActorRef topics, IActorRef self, int maximum)
{
    private readonly Dictionary<byte[], ConnectionSubscription> _bySid = new(Utf8Comparer.Instance);

    /// <summary>Registers a subscription; the session's fence opens when it is visible.</summary>
    /// <returns>False when the connection has as many as it may.</returns>
    public bool Add(ConnectionSubscription subscription, IRegistrationWaiter waiter)
    {
        if (_bySid.Count >= maximum)
        {
            waiter.Registered(subscription);
            return false;
        }

        // A sid that is in use stays with its first subscription, as with nats-server.
        if (_bySid.TryAdd(subscription.Sid, subscription)) topics.Tell(new Subscribe(subscription, waiter), self);
        else waiter.Registered(subscription);
        return true;
    }

    public void Unsubscribe(UnsubReceived unsub)
    {
        if (!_bySid.TryGetValue(unsub.Sid, out var subscription)) return;
        subscription.Maximum = unsub.Maximum;
        if (unsub.Maximum == 0 || subscription.IsSpent) Close(subscription);
    }

    public void Close(ConnectionSubscription subscription)
    {
        if (subscription.IsClosed) return;
        subscription.IsClosed = true;
        _bySid.Remove(subscription.Sid);
        topics.Tell(new Unsubscribe(subscription), self);
    }

    public void RemoveAll()
    {
        if (_bySid.Count == 0) return;
        foreach (var subscription in _bySid.Values) subscription.IsClosed = true;
        topics.Tell(new UnsubscribeAll([.. _bySid.Values.Cast<Subscriber>()]), self);
        _bySid.Clear();
    }
}
