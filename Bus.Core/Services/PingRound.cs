using Bus.Core.Messages;
using Bus.Core.Presence;

namespace Bus.Core.Services;

/// <summary>One round of pings: who was asked, and what came back.</summary>
internal sealed class PingRound(Participant[] asked, object origin, byte[] replyTo) : Round(origin, replyTo)
{
    private readonly HashSet<Participant> _missing = [.. asked];
    private readonly Dictionary<Participant, TimeSpan?> _latencies = [];

    public IReadOnlyCollection<Participant> Missing => _missing;

    public override bool IsComplete => _missing.Count == 0;

    public void Take(Probed probed)
    {
        if (_missing.Remove(probed.Participant)) _latencies[probed.Participant] = probed.Latency;
    }

    public PingList ToList() => new([.. asked.Select(p => new ClientPing { Name = p.Name, Id = p.Info.Id, LatencyMs = _latencies.GetValueOrDefault(p)?.TotalMilliseconds })]);
}
