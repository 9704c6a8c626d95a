namespace Bus.Core.Client;

/// <summary>What a subscription does with a message for which its buffer has no room.</summary>
public enum SubscriptionOverflow
{
    /// <summary>
    /// It waits, and with it those who publish to the subscription. A consumer that takes nothing at all for <see cref="SubscriptionOptions.StallTimeout"/>
    /// loses what does not fit.
    /// </summary>
    Block,

    /// <summary>What has waited longest is dropped. Nobody waits.</summary>
    DropOldest,

    /// <summary>The message that came is dropped. Nobody waits.</summary>
    DropNewest,

    /// <summary>
    /// Of each topic only the newest message is kept, full or not: it takes the place of the one that waits. If more topics wait
    /// than there is room for, what has waited longest is dropped. The messages of one topic keep their order. Nobody waits.
    /// </summary>
    LatestPerTopic,

    /// <summary>The subscription ends: what waits is dropped, and <see cref="ISubscription.Completion"/> faults with a <see cref="SlowConsumerException"/>. Nobody waits.</summary>
    Disconnect,
}

/// <summary>What publishing does when the bus has no room for more.</summary>
public enum PublishOverflow
{
    /// <summary>It waits until subscribers, or the connection, have taken enough of what was published before.</summary>
    Wait,

    /// <summary>It fails at once with a <see cref="BackPressureException"/>; nothing was sent.</summary>
    Fail,
}
