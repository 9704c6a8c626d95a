using Bus.Core.Client;

namespace Bus.Core.Endpoint;

/// <summary>Puts messages into a buffer that never makes anybody wait, and picks what gives way when it is full. Owned by the subscription actor.</summary>
internal sealed class BufferPolicy(MessageBuffer buffer, SubscriptionOverflow overflow)
{
    private readonly Dictionary<string, LatestMessage> _latest = new(StringComparer.Ordinal);

    /// <returns>The message that was dropped for it, which may be the same one. Null: there was room.</returns>
    public BusMessage? Put(BusMessage message)
    {
        if (overflow == SubscriptionOverflow.LatestPerTopic) return PutLatest(message);
        if (!buffer.IsFull || overflow == SubscriptionOverflow.Block)
        {
            buffer.Write(message);
            return null;
        }

        if (overflow != SubscriptionOverflow.DropOldest) return message;
        var dropped = buffer.Evict();
        buffer.Write(message);
        return dropped;
    }

    private BusMessage? PutLatest(BusMessage message)
    {
        // In the place of the one before: at the end of the line a topic that changes fast would never have its turn.
        if (_latest.TryGetValue(message.Topic, out var waiting) && waiting.TryReplace(message) is { } replaced) return replaced;
        var dropped = buffer.IsFull ? buffer.Evict() : null;
        var latest = new LatestMessage(message);
        _latest[message.Topic] = latest;
        buffer.Write(latest);
        if (_latest.Count > 2L * buffer.Capacity) Forget();
        return dropped;
    }

    private void Forget()
    {
        foreach (var (topic, latest) in _latest)
        {
            if (latest.IsTaken) _latest.Remove(topic);
        }
    }
}

/// <summary>A place in the buffer in which the message may still be exchanged for a newer one. Thread-safe.</summary>
internal sealed class LatestMessage(BusMessage message)
{
    private BusMessage? _message = message;

    public bool IsTaken => Volatile.Read(ref _message) is null;

    /// <summary>Takes the message out, once.</summary>
    public BusMessage Take() => Interlocked.Exchange(ref _message, null)!;

    /// <returns>The message that was in it. Null: it was taken already, and nothing has changed.</returns>
    public BusMessage? TryReplace(BusMessage newer)
    {
        var waiting = Volatile.Read(ref _message);
        return waiting is not null && ReferenceEquals(Interlocked.CompareExchange(ref _message, newer, waiting), waiting) ? waiting : null;
    }
}
