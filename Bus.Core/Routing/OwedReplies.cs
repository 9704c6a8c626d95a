using System.Collections.Concurrent;
using Bus.Core.Messages;

namespace Bus.Core.Routing;

/// <summary>
/// The requests that a connection (or the endpoint of this process) alone received and has not answered: when it closes,
/// each requester hears at once that its responder is lost. Bounded: beyond it requests are simply not watched.
/// Thread-safe: whoever receives adds, whoever publishes removes.
/// </summary>
internal sealed class OwedReplies
{
    /// <summary>Requests watched at the same time.</summary>
    public const int Capacity = 65_536;

    // Made at the first request: most connections never serve one.
    private ConcurrentDictionary<byte[], bool>? _replies;
    private int _count;

    private static ReadOnlySpan<byte> Mark => "Bus-Request"u8;

    /// <summary>Takes note of a message if it is a request of a client that wants to hear of a lost responder.</summary>
    public void Add(PublishBatch batch, int index)
    {
        ref readonly var entry = ref batch[index];
        if (entry is not { HasReply: true, HeaderLength: > 0, Shared: null } || !HeaderBlock.Contains(batch.Headers(index), Mark)) return;
        if (Volatile.Read(ref _count) >= Capacity) return;
        var replies = Volatile.Read(ref _replies) ?? Create();
        if (replies.TryAdd(batch.ReplyTo(index).ToArray(), true)) Interlocked.Increment(ref _count);
    }

    /// <summary>Something is published: it may be an answer. Costs one read while nothing is owed.</summary>
    /// <returns>Whether it is one.</returns>
    public bool Answered(ReadOnlySpan<byte> topic)
    {
        if (Volatile.Read(ref _count) == 0) return false;
        topic = SystemTopics.RoutedAs(topic);
        if (Volatile.Read(ref _replies) is not { } replies || !replies.GetAlternateLookup<ReadOnlySpan<byte>>().TryRemove(topic, out _)) return false;
        Interlocked.Decrement(ref _count);
        return true;
    }

    /// <summary>Takes all that are unanswered.</summary>
    public ICollection<byte[]> TakeAll()
    {
        var replies = Interlocked.Exchange(ref _replies, null);
        Volatile.Write(ref _count, 0);
        return replies?.Keys ?? [];
    }

    private ConcurrentDictionary<byte[], bool> Create()
    {
        var created = new ConcurrentDictionary<byte[], bool>(Utf8Comparer.Instance);
        return Interlocked.CompareExchange(ref _replies, created, null) ?? created;
    }
}
