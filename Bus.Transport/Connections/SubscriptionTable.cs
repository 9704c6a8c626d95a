using System.Globalization;
using System.Text;
using Bus.Core;
using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.Topics;
using Bus.Transport.Nats;

namespace Bus.Transport.Connections;

/// <summary>The subscriptions of one connection by sid, and their registration with the topic manager. Single-threaded.</summary>
internal sealed class SubscriptionTable(IActorRef topics, IActorRef self, int maximum)
{
    private readonly Dictionary<byte[], ConnectionSubscription> _bySid = new(Utf8Comparer.Instance);

    private TopicRefusal TooMany => new("too-many-subscriptions", 429, string.Create(CultureInfo.InvariantCulture, $"The connection has {maximum:N0} subscriptions, which is all it may have."));

    /// <summary>Whether the peer is one of our own clients, which is told which subscription an error is about.</summary>
    public bool PeerKnowsSids { get; set; }

    /// <summary>Registers a subscription; the session's fence opens when it is visible.</summary>
    /// <returns>Null, or why it may not be. Whether its topic lets it in is known later: <see cref="End"/>.</returns>
    public NatsError? Add(ConnectionSubscription subscription, IRegistrationWaiter waiter, string? name)
    {
        // A sid that is in use stays with its first subscription, as with nats-server.
        var error = Refuse(subscription, name);
        if (error is null && _bySid.TryAdd(subscription.Sid, subscription)) topics.Tell(new Subscribe(subscription, waiter), self);
        else waiter.Registered(subscription);
        return error;
    }

    /// <summary>The topics have refused it, or ended it. Tells the peer, unless it had ended it itself.</summary>
    public void End(SubscriptionEnded ended, ConnectionWriter writer, ConnectionProblems problems)
    {
        var subscription = (ConnectionSubscription)ended.Subscriber;
        if (subscription.IsClosed) return;
        subscription.IsClosed = true;
        _bySid.Remove(subscription.Sid);
        var error = Error(subscription, ended.Reason);
        writer.Append(error.Line.Span);
        // That its topic was deleted is no fault of the peer.
        if (ended.Reason.Error != TopicRefusal.Deleted) problems.Refused(error);
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

    private NatsError? Refuse(ConnectionSubscription subscription, string? name)
    {
        if (!SystemTopics.MaySubscribe(subscription.Utf8Filter, name, subscription.Queue)) return NatsErrors.SubscribePermission(subscription.Filter, subscription.Queue);
        if (_bySid.Count < maximum) return null;
        return PeerKnowsSids ? Error(subscription, TooMany) : NatsErrors.MaximumSubscriptionsExceeded;
    }

    private static NatsError Error(ConnectionSubscription subscription, TopicRefusal refusal) =>
        SubscriptionError.Refused(subscription.Filter, subscription.Queue, Encoding.ASCII.GetString(subscription.Sid), refusal);
}
