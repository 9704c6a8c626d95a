using Bus.Core.Buffers;
using Bus.Core.Messages;
using Bus.Core.Presence;

namespace Bus.Transport.Client;

/// <summary>The receiving side of a client as the source of batches: above its window nothing more is read from the socket.</summary>
internal sealed class ClientInbound(SlabPool slabs, long window) : IBatchProducer
{
    // What may be read beyond the window while somebody waits for an answer, which comes over the same socket behind the
    // backlog: a handler that makes a request must not wait for itself.
    private const long AnswerAllowance = 64 * 1024 * 1024;

    private int _waiting;

    public Gate Credit { get; } = new(window);

    public object Origin => this;

    public Participant? Participant => null;

    public bool WantsNoResponders => false;

    public SlabPool Slabs => slabs;

    // What comes from a broker is told to its subscriptions one by one, without fences: nobody asks.
    public bool IsAtRest => false;

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
