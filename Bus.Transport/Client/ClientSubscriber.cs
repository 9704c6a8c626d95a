using Bus.Core.Messages;

namespace Bus.Transport.Client;

/// <summary>A filter of a subscription over a connection.</summary>
internal sealed class ClientSubscriber(IActorRef recipient, string filter, string? queue, long sid) : Subscriber(recipient, filter, queue)
{
    public long Sid => sid;

    /// <summary>The batch that the reader is filling. Null between two reads.</summary>
    public PublishBatch? Open { get; set; }
}
