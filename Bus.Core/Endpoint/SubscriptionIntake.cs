using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.State;
using Bus.Core.Topics;
using Microsoft.Extensions.Logging;

namespace Bus.Core.Endpoint;

/// <summary>
/// What has been delivered to a subscription on its way into the buffer. A delivery is given back when all of it is taken; what
/// does not fit stays here, and with it the producers' credit, but not for ever. Owned by the subscription actor.
/// </summary>
internal sealed class SubscriptionIntake(SubscriptionCore core, BusEnvironment environment, OwedReplies owed, ActorTarget? target, ITimerScheduler timers, ILogger log)
{
    private readonly Queue<Delivery> _deliveries = new();
    private readonly StallWatch _stall = new(core.Buffer, timers, core.Options.StallTimeout);
    private long _accepted;
    private int _next;

    public bool IsEmpty => _deliveries.Count == 0;

    /// <summary>The subscription's maximum is reached: it takes no more.</summary>
    public bool IsSpent => core.Options.MaxMessages is var maximum && maximum > 0 && _accepted >= maximum;

    public void Add(Delivery delivery) => _deliveries.Enqueue(delivery);

    /// <summary>From the deliveries into the buffer, as far as there is room.</summary>
    public void Pump()
    {
        while (_deliveries.TryPeek(out var delivery))
        {
            for (; _next < delivery.Count && !IsSpent; _next++)
            {
                if (target is null && !core.Buffer.HasRoom())
                {
                    Stall();
                    return;
                }

                Take(delivery, delivery[_next]);
            }

            _deliveries.Dequeue();
            _next = 0;
            delivery.Dispose();
            if (IsSpent) return;
        }
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
        Refuse();
    }

    /// <summary>Takes none of what is here: others may have it, or those who wait for an answer hear that none will come.</summary>
    public void Refuse()
    {
        while (_deliveries.TryDequeue(out var delivery))
        {
            core.Buffer.DroppedBefore(delivery.Count - _next);
            // What was already taken out of it cannot be given to another.
            if (_next > 0) StatusMessage.Refuse(environment.Router, delivery, _next);
            else HandBack.Give(delivery, environment.Router);
            _next = 0;
        }
    }

    /// <summary>The buffer is full: the deliveries keep their producers' credit, but not for ever.</summary>
    private void Stall()
    {
        if (_stall.IsStuck) Refuse();
        else _stall.Begin();
    }

    private void Take(Delivery delivery, int index)
    {
        _accepted++;
        if (delivery.IsSole && delivery.Batch.HasReplies) owed.Add(delivery.Batch, index);
        var message = core.Copy(delivery.Batch, index);
        if (target is not null) target.Tell(message);
        else core.Buffer.Write(message);
    }
}
