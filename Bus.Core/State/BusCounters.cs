namespace Bus.Core.State;

/// <summary>What went wrong on the bus, counted. Thread-safe.</summary>
internal sealed class BusCounters
{
    private long _droppedBatches;
    private long _slowConsumers;

    /// <summary>Batches that a topic actor gave up because delivering them failed twice.</summary>
    public long DroppedBatches => Volatile.Read(ref _droppedBatches);

    /// <summary>Connections closed because they did not read what they had subscribed to.</summary>
    public long SlowConsumers => Volatile.Read(ref _slowConsumers);

    public void BatchDropped() => Interlocked.Increment(ref _droppedBatches);

    public void SlowConsumer() => Interlocked.Increment(ref _slowConsumers);
}
