namespace Bus.Core.State;

/// <summary>What the bus has at the moment, and what went wrong on it. Thread-safe.</summary>
internal sealed class BusCounters
{
    private long _droppedBatches;
    private long _slowConsumers;

    /// <summary>Connections whose actor lives.</summary>
    public Tally Connections { get; } = new();

    public Tally Subscriptions { get; } = new();

    /// <summary>Filters that the topic manager knows.</summary>
    public Tally Filters { get; } = new();

    public Tally TopicActors { get; } = new();

    /// <summary>Batches that a topic actor gave up because delivering them failed twice.</summary>
    public long DroppedBatches => Volatile.Read(ref _droppedBatches);

    /// <summary>Connections closed because they did not read what they had subscribed to.</summary>
    public long SlowConsumers => Volatile.Read(ref _slowConsumers);

    public void BatchDropped() => Interlocked.Increment(ref _droppedBatches);

    public void SlowConsumer() => Interlocked.Increment(ref _slowConsumers);
}
