using Bus.Core.Client;

namespace Bus.Cli.Subscribing;

/// <summary>The ids of deliveries that were printed, the last ones: what is sent again because its confirmation was lost is confirmed again, but not printed.</summary>
internal sealed class PrintedDeliveries
{
    // As many as the handlers of the library remember.
    private const int Capacity = 10_000;

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <returns>False: it was printed before.</returns>
    public bool Add(BusMessage message)
    {
        if (message.Headers["Nats-Msg-Id"] is not { } id) return true;
        if (!_ids.Add(id)) return false;
        _order.Enqueue(id);
        if (_order.Count > Capacity) _ids.Remove(_order.Dequeue());
        return true;
    }
}
