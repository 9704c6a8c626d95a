namespace Bus.Core.Client;

/// <summary>A subscription has ended because its topic was deleted. What had arrived before was handled.</summary>
/// <param name="filters">What it subscribed to.</param>
/// <param name="text">Which topic, in the words of the bus.</param>
public sealed class TopicDeletedException(string filters, string text)
    : BusException($"The subscription to '{filters}' has ended: {text} Declare the topic and subscribe again if that was not meant to be.", filters)
{
    /// <inheritdoc />
    public override string? Error => Routing.TopicRefusal.Deleted;
}
