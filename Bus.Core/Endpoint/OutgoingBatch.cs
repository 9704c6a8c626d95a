using System.Collections.Concurrent;
using Bus.Core.Buffers;
using Bus.Core.Messages;

namespace Bus.Core.Endpoint;

/// <summary>
/// Messages on their way from callers to their endpoint actor, in one slab: the unit of Tell. It is told with its first message;
/// callers add more until somebody seals it, at the latest whoever takes the messages out.
/// </summary>
internal sealed class OutgoingBatch : IUndeliverable
{
    // Empty messages take no room in the slab, but they do here.
    private const int MaxMessages = 1024;
    private const int KeptBatches = 64;

    /// <summary>What a batch weighs besides its messages: the least that its slab takes, for it may be sealed behind a single small one.</summary>
    public const int OwnWeight = SlabPool.SmallSize;

    private static readonly ConcurrentQueue<OutgoingBatch> Pool = new();

    private BatchEntry[] _entries = new BatchEntry[4];
    private Outbox _outbox = null!;
    private long _weight;

    private OutgoingBatch()
    {
    }

    public Slab Slab { get; private set; } = null!;

    public int Count { get; private set; }

    /// <summary>Bytes of the slab that are taken.</summary>
    public int Used { get; private set; }

    public ref readonly BatchEntry this[int index] => ref _entries[index];

    public ReadOnlySpan<byte> Topic(int index) => Slab.Bytes.AsSpan(_entries[index].TopicOffset, _entries[index].TopicLength);

    /// <param name="outbox">Where it can be sealed.</param>
    /// <param name="slab">Owned by the batch from then on.</param>
    public static OutgoingBatch Rent(Outbox outbox, Slab slab)
    {
        if (!Pool.TryDequeue(out var batch)) batch = new OutgoingBatch();
        (batch._outbox, batch.Slab, batch._weight) = (outbox, slab, OwnWeight);
        return batch;
    }

    /// <summary>Copies a message into it, if it fits. The outbox calls this, one caller at a time.</summary>
    public bool TryAdd(OutgoingMessage message)
    {
        var bytes = message.Bytes;
        if (Count == MaxMessages || Slab.Bytes.Length - Used < bytes.Length) return false;
        if (Count == _entries.Length) Array.Resize(ref _entries, Count * 2);
        bytes.CopyTo(Slab.Bytes.AsSpan(Used));
        _entries[Count++] = new BatchEntry
        {
            TopicOffset = Used,
            TopicLength = message.TopicLength,
            ReplyOffset = Used + message.TopicLength,
            ReplyLength = message.ReplyLength,
            BodyOffset = Used + message.TopicLength + message.ReplyLength,
            BodyLength = message.BodyLength,
            HeaderLength = message.HeaderLength,
        };
        Used += bytes.Length;
        _weight += message.Weight;
        return true;
    }

    /// <summary>From now on nobody adds to it, and it may be read.</summary>
    public void Seal() => _outbox.Seal(this);

    /// <summary>Its messages are copied or dropped: they leave the window, and it goes back to the pool.</summary>
    public void Return()
    {
        Seal();
        var (outbox, slab, weight) = (_outbox, Slab, _weight);
        (_outbox, Slab, _weight, Count, Used) = (null!, null!, 0, 0, 0);
        slab.Release();
        if (Pool.Count < KeptBatches) Pool.Enqueue(this);
        outbox.Done(weight);
    }

    void IUndeliverable.Undelivered() => Return();
}
