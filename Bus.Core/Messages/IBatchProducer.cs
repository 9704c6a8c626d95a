using Bus.Core.Buffers;
using Bus.Core.Presence;

namespace Bus.Core.Messages;

/// <summary>Where batches come from: a connection's reader, or the endpoint of the bus in this process.</summary>
internal interface IBatchProducer
{
    /// <summary>Identity of the connection, for echo off and for what only its own subscriptions may get.</summary>
    object Origin { get; }

    /// <summary>Who it is. Null: it has not introduced itself, or is the bus.</summary>
    Participant? Participant { get; }

    /// <summary>Whether a request that reached nobody is to be answered with "no responders".</summary>
    bool WantsNoResponders { get; }

    /// <summary>Whether it is a part of the process that runs the bus, and not somebody who has connected.</summary>
    bool IsInProcess { get; }

    /// <summary>Where the bytes of its messages come from.</summary>
    SlabPool Slabs { get; }

    /// <summary>Whether every recipient is done with all batches that were told. Read by the producer.</summary>
    bool IsAtRest { get; }

    /// <summary>A batch of this many bytes was told: credit is used. Called by the producer before the Tell.</summary>
    void Sent(long bytes);

    /// <summary>A batch of this many bytes was consumed by every recipient: credit returns. Called from any thread.</summary>
    void Consumed(long bytes);
}
