namespace Bus.Core.Client;

/// <summary>An active subscription. Disposing it unsubscribes. All members are thread-safe.</summary>
public interface ISubscription : IAsyncDisposable
{
    /// <summary>What it subscribes to.</summary>
    TopicFilters Filters { get; }

    /// <summary>The queue group it is a member of. Null: it gets every message.</summary>
    string? Queue { get; }

    /// <summary>Messages handed over so far: to the handler, the actor or the enumeration.</summary>
    long Delivered { get; }

    /// <summary>Messages received and buffered, not handed over yet.</summary>
    long Pending { get; }

    /// <summary>Messages discarded: they were buffered when the subscription ended, or there was no room for them (<see cref="SubscriptionOptions.WhenFull"/>).</summary>
    long Dropped { get; }

    /// <summary>
    /// Completes when the subscription has ended: unsubscribed, its maximum reached, or its bus closed. Faults with the
    /// handler's exception when the failure policy ended it, with a <see cref="SlowConsumerException"/> when its overflow policy did, with a
    /// <see cref="TopicDeletedException"/> when its topic was deleted, and with a <see cref="BusRefusedException"/> when the bus refused it after a reconnect; the last two
    /// when what had arrived has been taken.
    /// </summary>
    Task Completion { get; }

    /// <summary>Ends it now. What is buffered is discarded; a handler that runs is asked to stop by its token and waited for.</summary>
    Task UnsubscribeAsync(CancellationToken cancellationToken = default);

    /// <summary>Stops the intake, lets what has arrived be handled, then ends it. With an enumeration, somebody has to go on reading.</summary>
    Task DrainAsync(CancellationToken cancellationToken = default);
}

/// <summary>
/// A subscription whose messages are enumerated. The enumeration ends when the subscription does, after what is buffered.
/// Several enumerations at once share the messages.
/// </summary>
/// <typeparam name="T">What the payloads are.</typeparam>
public interface ISubscription<T> : ISubscription, IAsyncEnumerable<BusMessage<T>>;
