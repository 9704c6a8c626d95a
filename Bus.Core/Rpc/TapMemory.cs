using Bus.Core.Client;

namespace Bus.Core.Rpc;

/// <summary>Messages that a tap has seen, by the topic that belongs to them: so many and so many bytes, then the oldest is forgotten. Not thread-safe.</summary>
internal sealed class TapMemory
{
    private const int MaxCount = 10_000;
    private const long MaxBytes = 32 * 1024 * 1024;

    private readonly Dictionary<string, Seen> _seen = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private long _bytes;

    /// <summary>Remembers a message, unless there is one of that topic.</summary>
    public void Add(string topic, Seen seen)
    {
        if (!_seen.TryAdd(topic, seen)) return;
        _order.Enqueue(topic);
        _bytes += seen.Message.Size;
        // The last one is kept, however large.
        while (_order.Count > MaxCount || (_bytes > MaxBytes && _order.Count > 1)) Take(_order.Dequeue());
    }

    public Seen? Find(string topic) => _seen.GetValueOrDefault(topic);

    /// <summary>Finds a message, and forgets it.</summary>
    public Seen? Take(string topic)
    {
        if (_seen.Remove(topic, out var seen)) _bytes -= seen.Message.Size;
        return seen;
    }

    /// <param name="Message">What was seen.</param>
    /// <param name="At">When, as a timestamp of the clock.</param>
    public sealed record Seen(BusMessage<ReadOnlyMemory<byte>> Message, long At);
}
