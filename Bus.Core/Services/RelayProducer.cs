using Bus.Core.Buffers;
using Bus.Core.Messages;
using Bus.Core.Presence;

namespace Bus.Core.Services;

/// <summary>Publishes what somebody has asked the bus to pass on: it counts in that one's window, but that nobody takes it is told to the bus.</summary>
/// <param name="sender">Who has asked.</param>
/// <param name="origin">By which the subscriptions of the bus are known.</param>
internal sealed class RelayProducer(IBatchProducer sender, object origin) : IBatchProducer
{
    public object Origin => origin;

    public Participant? Participant => sender.Participant;

    public bool WantsNoResponders => true;

    public bool IsInProcess => sender.IsInProcess;

    public SlabPool Slabs => sender.Slabs;

    public bool IsAtRest => sender.IsAtRest;

    public void Sent(long bytes) => sender.Sent(bytes);

    public void Consumed(long bytes) => sender.Consumed(bytes);
}
