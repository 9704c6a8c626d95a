using Bus.Core.Buffers;
using Bus.Core.Messages;
using Bus.Core.Presence;

namespace Bus.Transport.Connections;

/// <summary>A connection as the source of batches: its identity, and the credit that keeps it from flooding the bus.</summary>
internal sealed class ConnectionProducer(SlabPool slabs, long window) : IBatchProducer
{
    private volatile bool _wantsNoResponders;
    private volatile Participant? _participant;

    /// <summary>Bytes on their way. Closed while they are more than the window; the reader waits at it.</summary>
    public Gate Credit { get; } = new(window);

    /// <summary>Itself; for another socket of a client, that which the client's subscriptions belong to.</summary>
    public object Origin => _participant?.Origin ?? this;

    /// <summary>Set by the connection actor at CONNECT.</summary>
    public Participant? Participant
    {
        get => _participant;
        set => _participant = value;
    }

    public SlabPool Slabs => slabs;

    public bool IsInProcess => false;

    public bool WantsNoResponders
    {
        get => _wantsNoResponders;
        set => _wantsNoResponders = value;
    }

    public bool IsAtRest => Credit.Count == 0;

    public void Sent(long bytes) => Credit.Enter(bytes);

    public void Consumed(long bytes) => Credit.Leave(bytes);
}
