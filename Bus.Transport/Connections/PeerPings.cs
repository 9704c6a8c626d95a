using Bus.Core.Messages;
using Bus.Transport.Nats;

namespace Bus.Transport.Connections;

/// <summary>The PINGs that the bus sends to a peer: they find out whether it lives and, when somebody wants to know, how far away it is. Owned by the connection actor.</summary>
internal sealed class PeerPings(int maxPingsOut, TimeProvider time, ConnectionWriter writer)
{
    private readonly KeepAlive _keepAlive = new(maxPingsOut);
    // When they were sent: a peer answers them in their order.
    private readonly Queue<long> _unanswered = new();
    private Probe? _asked;
    private bool _hasEnded;

    /// <summary>Called once an interval.</summary>
    /// <returns>False when the peer is stale.</returns>
    public bool Tick(bool heard, bool listening)
    {
        var action = _keepAlive.Tick(heard, listening);
        if (action == KeepAliveAction.Ping) Ping();
        return action != KeepAliveAction.Close;
    }

    /// <summary>One PING is enough for all who ask: a frozen peer is not to be buried in them.</summary>
    public void Ask(Probe probe)
    {
        if (_hasEnded)
        {
            probe.Answer(latency: null);
            return;
        }

        _asked = probe;
        if (_unanswered.Count == 0) Ping();
    }

    /// <summary>The peer answered. One that was not asked says nothing by it.</summary>
    public void Answered()
    {
        if (!_unanswered.TryDequeue(out var sentAt)) return;
        _asked?.Answer(time.GetElapsedTime(sentAt));
        _asked = null;
    }

    /// <summary>Nothing more is asked.</summary>
    public void End()
    {
        _hasEnded = true;
        _asked?.Answer(latency: null);
        _asked = null;
    }

    private void Ping()
    {
        _unanswered.Enqueue(time.GetTimestamp());
        writer.Append(NatsWriter.Ping);
    }
}
