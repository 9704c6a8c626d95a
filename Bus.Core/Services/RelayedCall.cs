using Bus.Core.Messages;

namespace Bus.Core.Services;

/// <summary>A call that the bus has passed on for somebody, until it is answered. Also the message by which its timer ends it.</summary>
/// <param name="method">What is called.</param>
/// <param name="caller">Who calls.</param>
/// <param name="replyTo">Where the caller waits.</param>
/// <param name="inbox">Where the bus waits for the answer.</param>
internal sealed class RelayedCall(CalledMethod method, IBatchProducer caller, byte[] replyTo, string inbox)
{
    public CalledMethod Method => method;

    public IBatchProducer Caller => caller;

    public object Origin => caller.Origin;

    public byte[] ReplyTo => replyTo;

    public string Inbox => inbox;

    /// <summary>Whether the caller has said how long it waits.</summary>
    public bool HasDeadline { get; set; }

    /// <summary>Nobody has taken it, and the services are asked why.</summary>
    public bool HasReachedNobody { get; set; }

    /// <summary>What is sent once more if they know the method on another topic. Null: nothing is kept.</summary>
    public (byte[] Headers, byte[] Payload)? Kept { get; set; }
}
