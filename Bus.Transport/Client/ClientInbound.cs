using Bus.Core;
using Bus.Core.Buffers;
using Bus.Core.Messages;
using Bus.Core.Presence;
using Bus.Transport.Nats;

namespace Bus.Transport.Client;

/// <summary>The receiving side of a client as the source of batches: above its window nothing more is read from the socket.</summary>
internal sealed class ClientInbound(SlabPool slabs, long window) : IBatchProducer, IRequestRefuser
{
    // What may be read beyond the window while somebody waits for an answer, which comes over the same socket behind the
    // backlog: a handler that makes a request must not wait for itself.
    private const long AnswerAllowance = 64 * 1024 * 1024;

    private int _waiting;

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    public Gate Credit { get; } = new(window);

    public object Origin => this;

    public Participant? Participant => null;

    public bool IsInProcess => false;

    public bool WantsNoResponders => true;

    public SlabPool Slabs => slabs;

    // What comes from a broker is told to its subscriptions one by one, without fences: nobody asks.
    public bool IsAtRest => false;

    /// <summary>The connection that it receives from. Set before anything is received.</summary>
    public IActorRef Connection { get; set; } = ActorRefs.Nobody;

    /// <summary>Says to the bus that nobody here takes a request; whether somebody else has it, the bus knows.</summary>
    public void Refuse(ReadOnlySpan<byte> replyTo)
    {
        var frame = new byte[NatsWriter.MaxPubHeadLength(SystemTopics.Decline.Length, replyTo.Length) + LineEnd.Length];
        var length = NatsWriter.WritePubHead(frame, SystemTopics.Decline, replyTo, headerLength: 0, bodyLength: 0);
        LineEnd.CopyTo(frame.AsSpan(length));
        Connection.Tell(new SendLine(frame[..(length + LineEnd.Length)]), ActorRefs.NoSender);
    }

    public void Sent(long bytes) => Credit.Enter(bytes);

    public void Consumed(long bytes) => Credit.Leave(bytes);

    /// <summary>Whether anybody waits for an answer. Called by the endpoint actor whenever that may have changed.</summary>
    public void SetWaiting(bool waiting)
    {
        var now = waiting ? 1 : 0;
        if (Interlocked.Exchange(ref _waiting, now) == now) return;
        if (waiting) Credit.Leave(AnswerAllowance);
        else Credit.Enter(AnswerAllowance);
    }
}
