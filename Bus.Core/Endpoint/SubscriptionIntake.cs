using System.Text;
using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.State;
using Bus.Core.Topics;
using Microsoft.Extensions.Logging;

namespace Bus.Core.Endpoint;

/// <summary>
/// What has been delivered to a subscription on its way into the buffer. A delivery is given back when all of it is taken. What
/// does not fit stays here, and with it the producers' credit, but not for ever; or it is dropped, as the subscription's policy
/// says. Owned by the subscription actor.
/// </summary>
internal sealed class SubscriptionIntake(SubscriptionCore core, BusEnvironment environment, OwedReplies? owed, ActorTarget? target, ITimerScheduler timers, ILogger log)
{
    private readonly Queue<Delivery> _deliveries = new();
    private readonly StallWatch _stall = new(core.Buffer, timers, core.Options.StallTimeout);
    private readonly BufferPolicy _policy = new(core.Buffer, core.Options.WhenFull);
    private readonly DropReport _drops = new(core, timers, log);
    private long _accepted;
    private int _next;

    public bool IsEmpty => _deliveries.Count == 0;

    /// <summary>The subscription's maximum is reached: it takes no more.</summary>
    public bool IsSpent => core.Options.MaxMessages is var maximum && maximum > 0 && _accepted >= maximum;

    /// <summary>There was no room, and the subscription is to end then.</summary>
    public bool HasOverflowed { get; private set; }

    public void Add(Delivery delivery) => _deliveries.Enqueue(delivery);

    /// <summary>From the deliveries into the buffer, as far as there is room.</summary>
    public void Pump()
    {
        while (_deliveries.TryPeek(out var delivery))
        {
            for (; _next < delivery.Count && !IsSpent && !IsForOthers(delivery); _next++)
            {
                if (!Take(delivery, delivery[_next])) return;
            }

            _deliveries.Dequeue();
            if (_next < delivery.Count && !IsSpent) HandBack.Give(delivery, environment.Router, _next, isSlow: true);
            else delivery.Dispose();
            _next = 0;
            if (IsSpent) break;
        }

        _drops.Run();
    }

    /// <summary>The buffer is half empty again.</summary>
    public void RoomMade()
    {
        _stall.Moved();
        Pump();
    }

    /// <summary>The buffer has been full for long: what waits for a consumer that is stuck is dropped.</summary>
    public void CheckStall()
    {
        if (IsEmpty || !_stall.TimeIsUp()) return;
        BusLog.SubscriptionStuck(log, core.Filters.ToString(), core.Options.StallTimeout.TotalSeconds, core.Buffer.Count);
        environment.Counters.SlowConsumer();
        DropAll();
    }

    /// <summary>Nobody of the queue group had room for these either.</summary>
    public void Dropped(int messages)
    {
        core.Buffer.AddDropped(messages);
        _drops.Add(messages);
        _drops.Run();
    }

    /// <summary>Tells of what was dropped and not told yet.</summary>
    public void TellDrops() => _drops.Tell();

    /// <summary>Takes none of what is here: others may have it, or those who wait for an answer hear that none will come.</summary>
    public void Refuse()
    {
        while (_deliveries.TryDequeue(out var delivery))
        {
            core.Buffer.AddDropped(delivery.Count - _next);
            HandBack.Give(delivery, environment.Router, _next);
            _next = 0;
        }
    }

    /// <summary>The end: neither what is here nor what is in the buffer, which is completed, will be taken.</summary>
    public void Discard()
    {
        _drops.Tell();
        Refuse();
        while (core.Buffer.Evict() is { } message) Drop(message);
    }

    /// <summary>There is no room, and its topic wants nobody to wait: others of the queue group may have some.</summary>
    private bool IsForOthers(Delivery delivery) =>
        target is null && delivery.Subscriber is { Queue: not null, WhenSlow: SlowSubscriberAction.Drop } && core.Options.WhenFull == SubscriptionOverflow.Block && core.Buffer.IsFull;

    /// <returns>False: it stays where it is.</returns>
    private bool Take(Delivery delivery, int index)
    {
        if (target is null && !IsWelcome(delivery, index, out var isDropped)) return isDropped;
        _accepted++;
        if (delivery.IsSole && delivery.Batch.HasReplies) owed?.Add(delivery.Batch, index);
        var message = core.Copy(delivery.Batch, index);
        if (target is not null)
        {
            target.Tell(message);
            return true;
        }

        message.Requester = StatusMessage.Requester(delivery, index);
        if (_policy.Put(message) is not { } dropped) return true;
        Drop(dropped);
        _drops.Add(1);
        return true;
    }

    /// <summary>Whether it may go to the buffer, which makes room for it if need be.</summary>
    private bool IsWelcome(Delivery delivery, int index, out bool isDropped)
    {
        isDropped = false;
        switch (WhenFull(delivery.Subscriber))
        {
            case SubscriptionOverflow.Block when !core.Buffer.HasRoom():
                Stall();
                return false;
            case SubscriptionOverflow.Disconnect when core.Buffer.IsFull:
                HasOverflowed = true;
                return false;
            case SubscriptionOverflow.DropNewest when core.Buffer.IsFull:
                // Before it is copied: a flood that nobody reads costs next to nothing.
                _accepted++;
                core.Buffer.AddDropped(1);
                _drops.Add(1);
                StatusMessage.RefuseOne(environment.Router, delivery, index);
                isDropped = true;
                return false;
            default:
                return true;
        }
    }

    /// <summary>What the subscription itself says; if that is to make publishers wait, what their topic says.</summary>
    private SubscriptionOverflow WhenFull(Subscriber subscriber) => (core.Options.WhenFull, subscriber.WhenSlow) switch
    {
        (SubscriptionOverflow.Block, SlowSubscriberAction.Drop) => SubscriptionOverflow.DropNewest,
        (SubscriptionOverflow.Block, SlowSubscriberAction.Disconnect) => SubscriptionOverflow.Disconnect,
        var (own, _) => own,
    };

    /// <summary>The buffer is full: the deliveries keep their producers' credit, but not for ever.</summary>
    private void Stall()
    {
        if (_stall.IsStuck) DropAll();
        else _stall.Begin();
    }

    private void DropAll()
    {
        var before = core.Buffer.Dropped;
        Refuse();
        _drops.Add(core.Buffer.Dropped - before);
        _drops.Run();
    }

    private void Drop(BusMessage message)
    {
        core.Buffer.AddDropped(1);
        if (message is not { Requester: { } requester, ReplyTo: { } text }) return;
        var replyTo = Encoding.UTF8.GetBytes(text);
        owed?.Answered(replyTo);
        StatusMessage.Refuse(environment.Router, requester, replyTo);
    }
}
