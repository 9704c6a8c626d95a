using Bus.Core.Buffers;
using Bus.Core.Messages;
using Bus.Core.Presence;

namespace Bus.Core.Endpoint;

/// <summary>A bus of this process as the source of batches.</summary>
internal sealed class LocalProducer(SlabPool slabs, CreditWindow window) : IBatchProducer
{
    public object Origin => this;

    /// <summary>Set once, before anybody can publish.</summary>
    public Participant? Participant { get; set; }

    public bool IsInProcess => true;

    public bool WantsNoResponders => true;

    public SlabPool Slabs => slabs;

    public bool IsAtRest => window.Count == 0;

    public void Sent(long bytes) => window.Enter(bytes);

    public void Consumed(long bytes) => window.Leave(bytes);
}
