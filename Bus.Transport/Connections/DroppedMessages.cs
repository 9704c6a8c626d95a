using System.Text;
using Bus.Core;
using Bus.Core.Messages;
using Bus.Core.Topics;
using Bus.Transport.Nats;

namespace Bus.Transport.Connections;

/// <summary>
/// The messages that a connection drops because it is slow and their topic wants nobody to wait: told at once the first time, then at most once a second with
/// their number. Owned by the connection actor, which is told <see cref="DropsDue"/>.
/// </summary>
internal sealed class DroppedMessages(ConnectionSetup setup, ConnectionWriter writer)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<ConnectionSubscription, long> _untold = [];

    /// <summary>Whether the peer is one of our own clients, which understand the line.</summary>
    public bool PeerUnderstands { get; set; }

    /// <summary>
    /// Drops a delivery, or gives it back to its queue group, where others may have room; if none has, <see cref="MessagesDropped"/> follows. Who is to be closed for it
    /// hears of that instead.
    /// </summary>
    public void Take(Delivery delivery, ITimerScheduler timers)
    {
        var (subscription, count) = ((ConnectionSubscription)delivery.Subscriber, delivery.Count);
        var isDrop = subscription.WhenSlow == SlowSubscriberAction.Drop;
        HandBack.Give(delivery, setup.Environment.Router, isSlow: isDrop);
        if (isDrop && subscription.Queue is null) Add(subscription, count, timers);
    }

    /// <summary>Messages were dropped.</summary>
    public void Add(ConnectionSubscription subscription, int count, ITimerScheduler timers)
    {
        _untold[subscription] = _untold.GetValueOrDefault(subscription) + count;
        if (!timers.IsTimerActive(DropsDue.Instance)) Tell(timers);
    }

    /// <summary>Tells what was dropped since the last time.</summary>
    public void Tell(ITimerScheduler timers)
    {
        if (_untold.Count == 0) return;
        timers.StartSingleTimer(DropsDue.Instance, DropsDue.Instance, Interval);
        // It does not read these lines either: they are counted on, and must not pile up.
        if (writer.Pending > setup.Options.MaxPending) return;
        foreach (var (subscription, count) in _untold)
        {
            ConnectionLog.Dropped(setup.Log, setup.Id, count, subscription.Filter);
            if (PeerUnderstands && !subscription.IsClosed) writer.Append(SubscriptionError.Dropped(subscription.Filter, Encoding.ASCII.GetString(subscription.Sid), count).Line.Span);
        }

        _untold.Clear();
    }
}
