using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.Topics;

namespace Bus.Transport.Connections;

/// <summary>
/// What happens when a client does not read as fast as others publish. Above three quarters of its limit the connection
/// parks deliveries instead of copying them; a parked delivery keeps its producer's credit, so the producer is not read
/// from. That goes on for a bounded time; then the client counts as slow. Single-threaded.
/// </summary>
internal sealed class BackPressure(ConnectionOptions options, TimeProvider time)
{
    private readonly Queue<Delivery> _parked = new();
    private readonly Queue<SubscriptionEnded> _ended = new();
    private readonly StallBudget _budget = new(options.StallBudget, options.StallWindow, time);
    private readonly long _mark = options.MaxPending / 4 * 3;

    /// <summary>Time that the connection may still hold its producers back.</summary>
    public TimeSpan Left => _budget.Left();

    public bool IsStalled => _budget.IsStalled;

    public bool IsExhausted => _budget.IsStalled && _budget.Left() <= TimeSpan.Zero;

    /// <summary>Whether a delivery has to wait: the buffer is full, or others wait already.</summary>
    public bool MustPark(long pending) => _parked.Count > 0 || pending > _mark;

    /// <summary>Keeps the delivery, and with it the producer's credit.</summary>
    /// <returns>True for the first one: the clock has started.</returns>
    public bool Park(Delivery delivery)
    {
        _parked.Enqueue(delivery);
        if (_budget.IsStalled) return false;
        _budget.Begin();
        return true;
    }

    public bool TryUnpark(long pending, out Delivery delivery)
    {
        delivery = null!;
        if (pending > _mark || !_parked.TryDequeue(out var next)) return false;
        if (_parked.Count == 0) _budget.End();
        delivery = next;
        return true;
    }

    /// <summary>An end of a subscription that must not overtake what waits for it.</summary>
    /// <returns>False: nothing waits, or it never began: who asked for it is told before the next PONG.</returns>
    public bool TryPutOff(SubscriptionEnded ended)
    {
        if (_parked.Count == 0 || ended.Reason.Error != TopicRefusal.Deleted) return false;
        _ended.Enqueue(ended);
        return true;
    }

    /// <summary>An end that was put off, when nothing waits any more.</summary>
    public bool TryEnd(out SubscriptionEnded ended)
    {
        ended = null!;
        return _parked.Count == 0 && _ended.TryDequeue(out ended!);
    }

    /// <summary>Takes nothing of what is parked: others of a queue group may, and requests that nobody takes are answered.</summary>
    public void RefuseAll(Router router)
    {
        _budget.End();
        while (_parked.TryDequeue(out var delivery)) HandBack.Give(delivery, router);
    }
}
