using Bus.Core.Messages;
using Bus.Core.Routing;

namespace Bus.Core.Endpoint;

/// <summary>
/// The requests that an endpoint alone received and has not answered: when it closes, each requester hears at once that its
/// responder is lost. Bounded: beyond it requests are simply not watched. Thread-safe, for the subscriptions add and the
/// endpoint removes.
/// </summary>
internal sealed class OwedReplies
{
    /// <summary>Requests watched at the same time.</summary>
    public const int Capacity = 65_536;

    private static ReadOnlySpan<byte> Mark => "Bus-Request"u8;

    private readonly Lock _lock = new();
    private readonly HashSet<byte[]> _replies = new(Utf8Comparer.Instance);
    private int _count;

    /// <summary>Takes note of a message if it is a request of a client that wants to hear of a lost responder.</summary>
    public void Add(PublishBatch batch, int index)
    {
        ref readonly var entry = ref batch[index];
        if (entry is not { HasReply: true, HeaderLength: > 0, Shared: null } || !HeaderBlock.Contains(batch.Headers(index), Mark)) return;
        lock (_lock)
        {
            if (_replies.Count >= Capacity || !_replies.Add(batch.ReplyTo(index).ToArray())) return;
            Volatile.Write(ref _count, _replies.Count);
        }
    }

    /// <summary>Something is published: it may be an answer.</summary>
    public void Answered(ReadOnlySpan<byte> topic)
    {
        if (Volatile.Read(ref _count) == 0) return;
        lock (_lock)
        {
            if (_replies.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(topic)) Volatile.Write(ref _count, _replies.Count);
        }
    }

    public byte[][] TakeAll()
    {
        lock (_lock)
        {
            byte[][] all = [.. _replies];
            _replies.Clear();
            Volatile.Write(ref _count, 0);
            return all;
        }
    }
}
