using Bus.Core.Buffers;
using Bus.Core.Messages;
using Bus.Core.Presence;

namespace Bus.Core.Routing;

/// <summary>Makes batches of values that were kept, for those who come late.</summary>
internal sealed class RetainedBatches(SlabPool slabs) : IBatchProducer
{
    public object Origin => this;

    public Participant? Participant => null;

    public bool IsInProcess => true;

    public bool WantsNoResponders => false;

    public SlabPool Slabs => slabs;

    public bool IsAtRest => true;

    /// <summary>Batches with one reference each, owned by the caller. None is larger than a slab, but for a single value that is.</summary>
    public IEnumerable<PublishBatch> Of(IReadOnlyList<RetainedValue> values)
    {
        for (var from = 0; from < values.Count;)
        {
            var (to, size) = (from + 1, values[from].Size);
            while (to < values.Count && size + values[to].Size <= SlabPool.LargeSize) size += values[to++].Size;
            yield return Fill(values, from, to, size);
            from = to;
        }
    }

    public void Sent(long bytes)
    {
        // No credit to use.
    }

    public void Consumed(long bytes)
    {
        // No credit to return.
    }

    private PublishBatch Fill(IReadOnlyList<RetainedValue> values, int from, int to, int size)
    {
        var slab = slabs.Rent(size);
        var batch = PublishBatch.Rent(slab, this);
        var at = 0;
        for (var i = from; i < to; i++)
        {
            var value = values[i];
            value.Topic.CopyTo(slab.Bytes.AsSpan(at));
            value.Write(slab.Bytes.AsSpan(at + value.Topic.Length));
            batch.Add(new BatchEntry { TopicOffset = at, TopicLength = value.Topic.Length, BodyOffset = at + value.Topic.Length, BodyLength = value.BodyLength, HeaderLength = value.HeaderLength });
            at += value.Size;
        }

        slab.Release();
        return batch;
    }
}
