using System.Collections.Concurrent;
using Bus.Core.Buffers;

namespace Bus.Core.Messages;

/// <summary>
/// Consecutive messages of one producer for one topic actor: the unit of Tell. The messages lie in one slab; the batch
/// counts who still needs them. When the last recipient is done, credit returns to the producer, the slab is released
/// and the batch (with the deliveries made from it) goes back to its pool.
/// </summary>
/// <remarks>Filled by one producer, then read-only and shared. Only the counting is thread-safe, and only that has to be.</remarks>
internal sealed class PublishBatch
{
    // Beyond this a batch is not worth keeping: a burst must not stay in the pool for ever.
    private const int KeptEntries = 4096;
    private const int KeptDeliveries = 256;
    private const int KeptBatches = 1024;

    private static readonly ConcurrentQueue<PublishBatch> Pool = new();

    private BatchEntry[] _entries = new BatchEntry[4];
    private readonly List<Delivery> _deliveries = [];
    private int _deliveriesUsed;
    private int _cursor;
    private int _references;
    private bool _hasObjects;
    private List<(int Index, Receipt Receipt)>? _receipts;
    private Slab _slab = null!;

    private PublishBatch()
    {
    }

    public int Count { get; private set; }

    public IBatchProducer Producer { get; private set; } = null!;

    /// <summary>What the batch weighs in its producer's window, in bytes.</summary>
    public long Weight { get; private set; }

    /// <summary>Whether any message has a reply-to, so that somebody may want to know that it reached nobody.</summary>
    public bool HasReplies { get; private set; }

    /// <summary>Deliver only to subscribers of the producer itself (a "no responders" answer).</summary>
    public bool OnlyOrigin { get; set; }

    /// <summary>The batch already survived one failure of its topic actor; after a second it is dropped.</summary>
    public bool Interrupted { get; set; }

    /// <summary>Deliveries made so far.</summary>
    public int DeliveryCount => _deliveriesUsed;

    public Slab Slab => _slab;

    /// <summary>A batch with one reference, owned by the caller, over <paramref name="slab"/>, which it retains.</summary>
    public static PublishBatch Rent(Slab slab, IBatchProducer producer)
    {
        if (!Pool.TryDequeue(out var batch)) batch = new PublishBatch();
        slab.Retain();
        batch._slab = slab;
        batch.Producer = producer;
        Volatile.Write(ref batch._references, 1);
        return batch;
    }

    public ref readonly BatchEntry this[int index] => ref _entries[index];

    public ReadOnlySpan<byte> Topic(int index) => _slab.Bytes.AsSpan(_entries[index].TopicOffset, _entries[index].TopicLength);

    public ReadOnlySpan<byte> ReplyTo(int index) => _slab.Bytes.AsSpan(_entries[index].ReplyOffset, _entries[index].ReplyLength);

    /// <summary>Header block and payload, as they lie together.</summary>
    public ReadOnlySpan<byte> Body(int index) => _slab.Bytes.AsSpan(_entries[index].BodyOffset, _entries[index].BodyLength);

    public ReadOnlySpan<byte> Headers(int index) => Body(index)[.._entries[index].HeaderLength];

    public ReadOnlySpan<byte> Payload(int index) => Body(index)[_entries[index].HeaderLength..];

    public void Add(in BatchEntry entry)
    {
        if (Count == _entries.Length) Array.Resize(ref _entries, Count * 2);
        _entries[Count++] = entry;
        HasReplies |= entry.HasReply;
        _hasObjects |= entry.HasObjects;
        // The frame around the body counts too, else a flood of empty messages would be free.
        Weight += entry.BodyLength + entry.TopicLength + 32;
    }

    /// <summary>Whoever published the last message waits for its receipt.</summary>
    public void Attach(Receipt receipt) => (_receipts ??= []).Add((Count - 1, receipt));

    /// <summary>All that will be told is told: counts for each receipt who has its message.</summary>
    public void SettleReceipts()
    {
        if (_receipts is null or { Count: 0 }) return;
        foreach (var (index, receipt) in _receipts) receipt.Add(CountTakers(index));
        _receipts.Clear();
    }

    /// <summary>The delivery for the next recipient. Only the topic actor calls it, in its own turn.</summary>
    public Delivery NextDelivery(Subscriber subscriber)
    {
        if (_deliveriesUsed == _deliveries.Count) _deliveries.Add(new Delivery(this));
        var delivery = _deliveries[_deliveriesUsed++];
        delivery.Reset(subscriber);
        return delivery;
    }

    /// <summary>All deliveries are made: one reference for each, taken at once.</summary>
    public void SealDeliveries() => Interlocked.Add(ref _references, _deliveriesUsed);

    /// <summary>The next recipient to tell. The cursor moves before the Tell, so that after a failure it stands behind the one that failed.</summary>
    public bool TryNext(out Delivery delivery)
    {
        delivery = _cursor < _deliveriesUsed ? _deliveries[_cursor] : null!;
        _cursor++;
        return _cursor <= _deliveriesUsed;
    }

    /// <summary>Gives back the reference of the delivery whose Tell failed.</summary>
    public void ReleaseFailed()
    {
        _deliveries[_cursor - 1].IsLost = true;
        Release();
    }

    /// <summary>Gives back everything that is left: the delivery that failed, those behind it, and the topic actor's own reference.</summary>
    public void Abandon()
    {
        for (var d = _cursor - 1; d < _deliveriesUsed; d++) _deliveries[d].IsLost = true;
        SettleReceipts();
        Release(_deliveriesUsed - _cursor + 2);
    }

    /// <summary>Whether any delivery but those of taps has this message.</summary>
    public bool IsTaken(int index)
    {
        for (var d = 0; d < _deliveriesUsed; d++)
        {
            if (!_deliveries[d].Subscriber.IsTap && _deliveries[d].Has(index)) return true;
        }

        return false;
    }

    /// <summary>Says of every delivery that nobody else got its messages, but for taps.</summary>
    public void MarkSole()
    {
        for (var d = 0; d < _deliveriesUsed; d++) _deliveries[d].IsSole = !_deliveries[d].Subscriber.IsTap;
    }

    public void Release(int count = 1)
    {
        var left = Interlocked.Add(ref _references, -count);
        if (left == 0) Recycle();
        else if (left < 0) throw new InvalidOperationException("A batch was released more often than it was retained.");
    }

    private int CountTakers(int index)
    {
        var takers = 0;
        for (var d = 0; d < _deliveriesUsed; d++)
        {
            if (!_deliveries[d].IsLost && !_deliveries[d].Subscriber.IsTap && _deliveries[d].Has(index)) takers++;
        }

        return takers;
    }

    private void Recycle()
    {
        DropReceipts();
        var (slab, producer, weight) = (_slab, Producer, Weight);
        // The shared matches and queue names must not outlive the message; the rest of an entry is only numbers.
        if (_hasObjects) Array.Clear(_entries, 0, Count);
        (_slab, Producer, Count, Weight, _cursor, _deliveriesUsed) = (null!, null!, 0, 0, 0, 0);
        (HasReplies, OnlyOrigin, Interrupted, _hasObjects) = (false, false, false, false);
        if (_entries.Length <= KeptEntries && _deliveries.Count <= KeptDeliveries && Pool.Count < KeptBatches) Pool.Enqueue(this);
        slab.Release();
        producer.Consumed(weight);
    }

    /// <summary>The batch never came as far as telling: its topic actor stopped, or failed. Nobody must wait for that.</summary>
    private void DropReceipts()
    {
        if (_receipts is null or { Count: 0 }) return;
        foreach (var (_, receipt) in _receipts) receipt.Add(reached: 0);
        _receipts.Clear();
    }
}
