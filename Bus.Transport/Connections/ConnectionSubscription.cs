using Bus.Core.Messages;

namespace Bus.Transport.Connections;

/// <summary>A SUB of a client: what the topics tell, with the sid that goes in front of every message. Owned by the connection actor.</summary>
internal sealed class ConnectionSubscription(IActorRef connection, byte[] filter, string? queue, byte[] sid) : Subscriber(connection, filter, queue)
{
    public byte[] Sid => sid;

    /// <summary>Messages written so far.</summary>
    public long Delivered { get; set; }

    /// <summary>Ended by UNSUB: what is still on its way is dropped, or handed back to its queue group.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whether UNSUB's maximum is reached.</summary>
    public bool IsSpent => Maximum is var maximum && maximum > 0 && Delivered >= maximum;
}
