using Bus.Core.Client;

namespace Bus.Core.Streams;

/// <summary>A stream came to an end that it should not have: an item was lost or came twice, or the other side does not keep to the protocol.</summary>
/// <param name="topic">Service and method.</param>
/// <param name="text">What was wrong.</param>
public sealed class StreamBrokenException(string topic, string text) : BusException($"The stream of '{topic}' broke: {text}.", topic)
{
    /// <inheritdoc />
    public override string? Error => BusErrors.StreamBroken;
}
