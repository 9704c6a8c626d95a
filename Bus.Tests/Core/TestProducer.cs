using Bus.Core.Buffers;
using Bus.Core.Messages;
using Bus.Core.Presence;

namespace Bus.Tests.Core;

internal sealed class TestProducer(SlabPool slabs) : IBatchProducer
{
    private long _inFlight;

    public object Origin => this;

    public Participant? Participant { get; init; }

    public bool IsInProcess => true;

    public bool WantsNoResponders { get; init; } = true;

    public SlabPool Slabs => slabs;

    public long InFlight => Volatile.Read(ref _inFlight);

    public bool IsAtRest => InFlight == 0;

    public void Sent(long bytes) => Interlocked.Add(ref _inFlight, bytes);

    public void Consumed(long bytes) => Interlocked.Add(ref _inFlight, -bytes);

    /// <summary>Writes one message into a slab of its own.</summary>
    public (Slab Slab, BatchEntry Entry) Message(string topic, string payload = "", string replyTo = "")
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(topic + replyTo + payload);
        var slab = slabs.Rent(bytes.Length);
        bytes.CopyTo(slab.Bytes, 0);
        var topicLength = System.Text.Encoding.UTF8.GetByteCount(topic);
        var replyLength = System.Text.Encoding.UTF8.GetByteCount(replyTo);
        return (slab, new BatchEntry
        {
            TopicLength = topicLength,
            ReplyOffset = topicLength,
            ReplyLength = replyLength,
            BodyOffset = topicLength + replyLength,
            BodyLength = bytes.Length - topicLength - replyLength,
        });
    }
}
