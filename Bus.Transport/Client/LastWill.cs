using System.Text;
using Bus.Core;
using Bus.Core.Messages;

namespace Bus.Transport.Client;

/// <summary>
/// The last will of a client: a message that the bus publishes for it when its connection ends without having been closed, because the process died, froze, or was
/// cut off. Told anew at each connection. Not published when the client closes its bus, when the bus stops, or when another takes over its name.
/// </summary>
/// <param name="Topic">Where to; no wildcards.</param>
/// <param name="Payload">The bytes.</param>
public sealed record LastWill(string Topic, ReadOnlyMemory<byte> Payload)
{
    /// <summary>A will that is a text.</summary>
    /// <param name="topic">Where to; no wildcards.</param>
    /// <param name="payload">The text, sent as UTF-8.</param>
    public LastWill(string topic, string payload)
        : this(topic, Encoding.UTF8.GetBytes(payload))
    {
    }

    /// <summary>Sent along with the payload. Default: none.</summary>
    public BusHeaders? Headers { get; init; }

    /// <summary>Checks that it can be published.</summary>
    /// <exception cref="ArgumentException">The topic is not valid, or belongs to the bus.</exception>
    internal void Validate()
    {
        SystemTopics.ValidateTopic(Topic);
        Bus.Core.Topic.Validate(SystemTopics.WillOf(Topic));
    }
}
