namespace Bus.Core.Client;

/// <summary>Nothing was published, because the bus has no room and the call was not to wait (<see cref="PublishOptions.WhenFull"/>).</summary>
/// <param name="topic">The topic of the message.</param>
/// <param name="limit">How many bytes may be on their way.</param>
public sealed class BackPressureException(string topic, long limit)
    : BusException($"{Addressee.Of(topic).Message} was not published: {limit:N0} bytes that were published before are still on their way, because a subscriber or the connection is slow. Publish it later, or let publishing wait (PublishOverflow.Wait).", Addressee.Of(topic).Topic)
{
    /// <inheritdoc />
    public override string? Error => BusErrors.BackPressure;
}

/// <summary>A subscription was ended because its consumer was too slow for what arrived (<see cref="SubscriptionOverflow.Disconnect"/>).</summary>
/// <param name="filters">What it subscribed to.</param>
/// <param name="capacity">How many messages it could buffer.</param>
public sealed class SlowConsumerException(string filters, int capacity)
    : BusException($"The subscription to '{filters}' was ended: {Plural.Of(capacity, "message")} waited for its consumer when one more came. Take messages faster, raise SubscriptionOptions.Capacity, or choose another SubscriptionOptions.WhenFull.", filters)
{
    /// <inheritdoc />
    public override string? Error => BusErrors.SlowConsumer;

    /// <summary>How many messages it could buffer.</summary>
    public int Capacity { get; } = capacity;
}
