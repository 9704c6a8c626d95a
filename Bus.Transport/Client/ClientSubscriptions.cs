using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Bus.Core.Endpoint;
using Bus.Core.Routing;
using Bus.Transport.Nats;

namespace Bus.Transport.Client;

/// <summary>The subscriptions of one client by sid. They outlive connections: each new one gets them all again. Owned by the endpoint actor; the readers look sids up.</summary>
internal sealed class ClientSubscriptions(ClientSetup setup)
{
    private readonly Dictionary<SubscriptionCore, Entry> _open = [];
    private readonly Dictionary<IActorRef, SubscriptionCore> _byActor = [];

    // Unsubscribed, but the bus may have sent them more before it knew.
    private readonly Dictionary<SubscriptionCore, Entry> _draining = [];

    // What no connection was told of yet, and what the next one is told of in its turn.
    private readonly HashSet<SubscriptionCore> _unannounced = [];
    private long _lastSid;

    /// <summary>For the reader.</summary>
    public ConcurrentDictionary<long, ClientSubscriber> BySid { get; } = new();

    /// <summary>No subscription actor is left.</summary>
    public bool IsEmpty => _byActor.Count == 0;

    /// <summary>The inbox of the endpoint itself.</summary>
    public ClientSubscriber AddInbox(IActorRef endpoint, string filter) => Add(endpoint, filter, queue: null);

    /// <summary>Starts the subscription's actor and gives its filters sids. <see cref="Announce"/> follows.</summary>
    public void Open(SubscriptionCore core, IActorContext context)
    {
        var (endpoint, environment) = (context.Self, setup.Environment);
        // The bus keeps the account of what is owed.
        OwedReplies? owed = null;
        var actor = context.ActorOf(Props.Create(() => new SubscriptionActor(core, endpoint, environment, owed)), $"s-{_lastSid + 1}");
        context.Watch(actor);
        var entry = new Entry(actor, [.. core.Filters.Select(filter => Add(actor, filter, core.Queue, core.Options.MaxMessages))]);
        _open.Add(core, entry);
        _byActor.Add(actor, core);
        _unannounced.Add(core);
    }

    /// <summary>Its turn has come.</summary>
    /// <returns>The lines to send. Null when it has ended.</returns>
    public byte[]? Announce(SubscriptionCore core) => _unannounced.Remove(core) && _open.TryGetValue(core, out var entry) ? Lines(entry.Subscribers, Sub) : null;

    /// <summary>Forgets a subscription.</summary>
    /// <returns>The lines to send. Null when it was unknown.</returns>
    public byte[]? Remove(SubscriptionCore core)
    {
        if (!_open.Remove(core, out var entry)) return null;
        _unannounced.Remove(core);
        Forget(entry);
        return Lines(entry.Subscribers, Unsub);
    }

    /// <summary>Unsubscribes; what the bus sends until it has seen that is still taken. <see cref="EndDrain"/> follows.</summary>
    /// <returns>The lines to send. Null when it has ended.</returns>
    public byte[]? BeginDrain(SubscriptionCore core)
    {
        if (!_open.Remove(core, out var entry)) return null;
        _unannounced.Remove(core);
        _draining.Add(core, entry);
        return Lines(entry.Subscribers, Unsub);
    }

    /// <summary>The bus sends it nothing more: it ends behind what has arrived.</summary>
    public void EndDrain(SubscriptionCore core)
    {
        if (!_draining.Remove(core, out var entry)) return;
        Forget(entry);
        entry.Actor.Tell(new EndSubscription(Drain: true), ActorRefs.NoSender);
    }

    /// <summary>The subscription of a sid. Null: it has ended.</summary>
    public SubscriptionCore? Find(long sid) => BySid.TryGetValue(sid, out var subscriber) ? _byActor.GetValueOrDefault(subscriber.Recipient) : null;

    /// <summary>The bus has ended a subscription, or one of its filters: then the others end with it.</summary>
    /// <returns>The lines to send.</returns>
    public byte[]? End(SubscriptionCore core, Exception error)
    {
        var lines = Remove(core);
        core.Refusal = error;
        ActorOf(core).Tell(new EndWithError(error), ActorRefs.NoSender);
        return lines;
    }

    /// <summary>There will be no next connection: those that are open fail with this behind what has arrived.</summary>
    public void EndAll(Exception reason)
    {
        foreach (var core in _open.Keys.ToArray()) End(core, reason);
    }

    /// <summary>The actor of a subscription, also while it drains. Nobody when it has stopped.</summary>
    public IActorRef ActorOf(SubscriptionCore core) => _byActor.FirstOrDefault(pair => ReferenceEquals(pair.Value, core)).Key ?? ActorRefs.Nobody;

    public IReadOnlyList<SubscriptionCore> All() => [.. _byActor.Values];

    /// <summary>The actor of a subscription has stopped.</summary>
    /// <returns>Its subscription, if it was one.</returns>
    public SubscriptionCore? Ended(IActorRef actor) => _byActor.Remove(actor, out var core) ? core : null;

    /// <summary>Every SUB that an earlier connection had, for a new one.</summary>
    public byte[] Replay()
    {
        var later = _unannounced.SelectMany(core => _open[core].Subscribers).ToHashSet();
        return Lines(BySid.Values.Where(s => !later.Contains(s)).OrderBy(s => s.Sid), Sub);
    }

    public bool IsEscalated(Exception error) => _byActor.Values.Any(core => ReferenceEquals(core.Escalated, error));

    public void Fail(Exception error)
    {
        foreach (var core in _byActor.Values) core.Escalated ??= error;
    }

    private void Forget(Entry entry)
    {
        foreach (var subscriber in entry.Subscribers) BySid.TryRemove(subscriber.Sid, out _);
    }

    private ClientSubscriber Add(IActorRef recipient, string filter, string? queue, long maximum = 0)
    {
        var subscriber = new ClientSubscriber(recipient, filter, queue, ++_lastSid) { Origin = setup, Maximum = maximum };
        BySid.TryAdd(subscriber.Sid, subscriber);
        return subscriber;
    }

    private static byte[] Lines(IEnumerable<ClientSubscriber> subscribers, Func<ClientSubscriber, byte[]> line) => [.. subscribers.SelectMany(line)];

    private static byte[] Sub(ClientSubscriber subscriber)
    {
        var (filter, queue, sid) = (Encoding.UTF8.GetBytes(subscriber.Filter), Encoding.UTF8.GetBytes(subscriber.Queue ?? ""), SidText(subscriber));
        var line = new byte[NatsWriter.MaxSubLength(filter.Length, queue.Length, sid.Length)];
        line = line[..NatsWriter.WriteSub(line, filter, queue, sid)];
        // What the bus picked for a member beyond its maximum would be lost to the group. Others only drop it here.
        return subscriber is { Queue: not null, Maximum: > 0 } ? [.. line, .. Unsub(subscriber, subscriber.Maximum)] : line;
    }

    private static byte[] Unsub(ClientSubscriber subscriber) => Unsub(subscriber, maximum: 0);

    private static byte[] Unsub(ClientSubscriber subscriber, long maximum)
    {
        var sid = SidText(subscriber);
        var line = new byte[NatsWriter.MaxUnsubLength(sid.Length)];
        return line[..NatsWriter.WriteUnsub(line, sid, maximum)];
    }

    private static byte[] SidText(ClientSubscriber subscriber) => Encoding.ASCII.GetBytes(subscriber.Sid.ToString(CultureInfo.InvariantCulture));

    private sealed record Entry(IActorRef Actor, ClientSubscriber[] Subscribers);
}
