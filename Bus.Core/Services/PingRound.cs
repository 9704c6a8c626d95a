using Bus.Core.Messages;
using Bus.Core.Presence;

namespace Bus.Core.Services;

/// <summary>One round of pings: who was asked, and what came back. Owned by the ping service; also the message by which its timer ends it.</summary>
internal sealed class PingRound(Participant[] asked, object origin, byte[] replyTo)
{
    private readonly HashSet<Participant> _missing = [.. asked];
    private readonly Dictionary<Participant, TimeSpan?> _latencies = [];

    /// <summary>Who wants to know.</summary>
    public object Origin => origin;

    public byte[] ReplyTo => replyTo;

    public IReadOnlyCollection<Participant> Missing => _missing;

    public bool IsComplete => _missing.Count == 0;

    /// <returns>Whether it was waited for.</returns>
    public bool Take(Probed probed)
    {
        if (!_missing.Remove(probed.Participant)) return false;
        _latencies[probed.Participant] = probed.Latency;
        return true;
    }

    public PingList ToList() => new([.. asked.Select(p => new ClientPing { Name = p.Name, Id = p.Info.Id, LatencyMs = _latencies.GetValueOrDefault(p)?.TotalMilliseconds })]);
}
