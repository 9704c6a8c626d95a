// Step 5 of the data path: fan out. The topic actor tells every subscriber of its filter once per batch.
// Before: Routing/BatchBuilder.cs (step 4). Next: Bus.Transport/Connections/ConnectionActor.cs (step 6).

using Bus.Core.Messages;
using Bus.Core.Routing;

namespace Bus.Core.Topics;

/// <summary>
/// The subscribers of one filter. A batch becomes one <see cref="Delivery"/> for each of them; a queue group gets each
/// message once, its members in turn. What the actor needs after a crash lies in its <see cref="TopicRecord"/>: the next
/// incarnation has the same subscribers, and goes on with the interrupted batch behind the recipient that failed.
/// </summary>
internal sealed class TopicActor(TopicRecord record) : UntypedActor
{
    private readonly bool _isBroadcast = SystemTopics.IsBroadcast(record.Filter);
    private QueuePicker? _picker;
    private SubscriberSet _subscribers = record.TakeSubscribers();

    // By default a restart calls both.
    protected override void PreStart() => record.Environment.Counters.TopicActors.Increment();

    protected override void PostStop() => record.Environment.Counters.TopicActors.Decrement();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PublishBatch batch:
                Prepare(batch);
                Deliver(batch);
                break;
            case SubscriberSet subscribers:
                _subscribers = subscribers;
                break;
            case Welcome welcome:
                _subscribers = welcome.Subscribers;
                Receive(welcome);
                break;
            case Fence fence:
                fence.Endpoint.Tell(fence, Self);
                break;
            case Farewell farewell:
                farewell.Tell();
                break;
            case HandBack handBack:
                PickAnother(handBack);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        if (record.Interrupted is not { } batch) return;
        record.Interrupted = null;
        batch.ReleaseFailed();
        Deliver(batch);
    }

    /// <summary>Decides who gets what, before anybody is told: a fault in here costs the batch, one in the telling does not.</summary>
    private void Prepare(PublishBatch batch)
    {
        try
        {
            var plain = _isBroadcast ? Broadcast.Address(batch, _subscribers.Plain) : Address(batch);
            var allPicked = _subscribers.Groups.Length > 0 && (_picker ??= new QueuePicker()).Pick(batch, _subscribers.Groups);
            if (batch.HasReplies) AccountForRequests(batch, plain, allPicked);
            // Last, so that a fault before it leaves one reference to give back.
            batch.SealDeliveries();
        }
        catch
        {
            record.Environment.Counters.BatchDropped();
            batch.Release();
            throw;
        }
    }

    /// <returns>How many get all of it.</returns>
    private int Address(PublishBatch batch)
    {
        foreach (var subscriber in _subscribers.Plain)
        {
            if (Accepts(subscriber, batch)) batch.NextDelivery(subscriber).TakeWhole();
        }

        return batch.DeliveryCount;
    }

    private void Receive(Welcome welcome)
    {
        try
        {
            foreach (var batch in new RetainedBatches(record.Environment.Slabs).Of(welcome.Values))
            {
                foreach (var (subscriber, _) in welcome.Newcomers) batch.NextDelivery(subscriber).TakeWhole();
                batch.SealDeliveries();
                Deliver(batch);
            }
        }
        finally
        {
            welcome.Done();
        }
    }

    private void Deliver(PublishBatch batch)
    {
        try
        {
            while (batch.TryNext(out var delivery)) delivery.Subscriber.Recipient.Tell(delivery, Self);
        }
        catch when (batch.Interrupted)
        {
            // The second failure: give it up here, in the actor's turn, or a recipient that always fails would hold it for ever.
            record.Environment.Counters.BatchDropped();
            batch.Abandon();
            return;
        }
        catch
        {
            // For the next incarnation.
            batch.Interrupted = true;
            record.Interrupted = batch;
            throw;
        }

        batch.SettleReceipts();
        batch.Release();
    }

    internal static bool Accepts(Subscriber subscriber, PublishBatch batch)
    {
        var own = ReferenceEquals(subscriber.Origin, batch.Producer.Origin);
        return own ? subscriber.Echo || batch.OnlyOrigin : !batch.OnlyOrigin || subscriber.IsTap;
    }

    /// <summary>A request that reached nobody is answered at once; what reached a single recipient is marked as such.</summary>
    private void AccountForRequests(PublishBatch batch, int plain, bool allPicked)
    {
        for (var i = 0; i < batch.Count; i++) Account(batch, i, plain > 0 || allPicked || batch.IsTaken(i));
        var takers = plain;
        foreach (var group in _subscribers.Groups) takers += group.IsTap ? 0 : 1;
        if (takers == 1) batch.MarkSole();
    }

    private void Account(PublishBatch batch, int index, bool reached)
    {
        ref readonly var entry = ref batch[index];
        if (!entry.HasReply) return;
        var nobody = entry.Shared is { } shared ? shared.Complete(reached) : !reached;
        if (nobody && batch.Producer.WantsNoResponders) StatusMessage.NoResponders(record.Environment.Router, batch.Producer, batch.ReplyTo(index));
    }

    /// <summary>
    /// A queue member had ended before the delivery came, or has no room: the next one of its group gets it. When it has been around, nobody takes it: the requester
    /// hears that nobody is left, and the last one that had no room counts it. Two that are stuck would hand it to and fro for ever.
    /// </summary>
    private void PickAnother(HandBack handBack)
    {
        var returned = handBack.Delivery;
        var batch = returned.Batch;
        returned.Skip(handBack.From);
        if (handBack.IsSlow) returned.SlowMember = returned.Subscriber;
        var members = _subscribers.Groups.FirstOrDefault(g => g.Name == returned.Subscriber.Queue)?.Members ?? [];
        var place = Array.IndexOf(members, returned.Subscriber);
        // Who is no member any more is not asked again, and uses up nobody's chance.
        if (place >= 0) returned.HandBacks++;
        var tries = returned.HandBacks <= members.Length ? members.Length : 0;
        for (var i = 1; i <= tries; i++)
        {
            var next = members[(place + i) % members.Length];
            if (ReferenceEquals(next, returned.Subscriber) || !QueuePicker.HasRoom(next) || !Accepts(next, batch)) continue;
            next.Picked += returned.Count;
            returned.Redirect(next);
            next.Recipient.Tell(returned, Self);
            return;
        }

        returned.SlowMember?.Recipient.Tell(new MessagesDropped(returned.SlowMember, returned.Count), Self);
        StatusMessage.Refuse(record.Environment.Router, returned);
    }
}
