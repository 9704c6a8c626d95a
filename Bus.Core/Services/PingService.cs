using System.Text.Json;
using Bus.Core.Messages;
using Bus.Core.Presence;
using Bus.Core.State;

namespace Bus.Core.Services;

/// <summary>Pings everybody who is on the bus, and tells how long each took. Whoever does not answer in time holds up nobody beyond that.</summary>
internal sealed class PingService(BusEnvironment environment) : SystemService(environment)
{
    public const string Name = "ping";

    // Each waits, for up to a minute, with an entry for everybody.
    private const int MaxRounds = 64;
    // So that nobody can take them all.
    private const int MaxRoundsEach = 16;

    private readonly List<PingRound> _rounds = [];

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Probed probed:
                Answered(probed);
                break;
            case PingRound round:
                Finish(round);
                break;
            default:
                base.OnReceive(message);
                break;
        }
    }

    protected override void Handle(in SystemRequest request)
    {
        if (TimeoutOf(request.Payload) is not { } timeout)
        {
            request.Fail($"The payload is to be empty, or a time to wait such as {{\"timeoutMs\":500}}, from {PingQuestion.LeastTimeout.TotalMilliseconds} to {PingQuestion.MostTimeout.TotalMilliseconds}.", code: 400, "bad-request");
            return;
        }

        if (_rounds.Count >= MaxRounds)
        {
            request.Fail($"{MaxRounds} others ping everybody at the moment: try again later.", code: 429, "busy");
            return;
        }

        var origin = request.Producer.Origin;
        if (_rounds.Count(r => r.Origin == origin) >= MaxRoundsEach)
        {
            request.Fail($"{MaxRoundsEach} of your own pings to everybody are under way, which is all there may be: wait for one of them.", code: 429, "busy");
            return;
        }

        if (request.ReplyTo.IsEmpty) return;
        var round = new PingRound(Environment.Roster.Present(), origin, request.ReplyTo.ToArray());
        _rounds.Add(round);
        foreach (var participant in round.Missing) participant.Owner.Tell(new Probe(participant, Self, Environment.Time.GetTimestamp()), Self);
        if (round.IsComplete) Finish(round);
        else Timers.StartSingleTimer(round, round, timeout);
    }

    /// <summary>An answer is good for every round that waits for one of this client.</summary>
    private void Answered(Probed probed)
    {
        foreach (var round in _rounds.ToArray())
        {
            if (round.Take(probed) && round.IsComplete) Finish(round);
        }
    }

    private void Finish(PingRound round)
    {
        if (!_rounds.Remove(round)) return;
        Timers.Cancel(round);
        Publisher.Publish(round.ReplyTo, headers: default, JsonSerializer.SerializeToUtf8Bytes(round.ToList(), PresenceJson.Default.PingList));
    }

    private static TimeSpan? TimeoutOf(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty) return PingQuestion.StandardTimeout;
        try
        {
            if (JsonSerializer.Deserialize(payload, PresenceJson.Default.PingQuestion)?.TimeoutMs is not { } ms) return PingQuestion.StandardTimeout;
            return ms >= PingQuestion.LeastTimeout.TotalMilliseconds && ms <= PingQuestion.MostTimeout.TotalMilliseconds ? TimeSpan.FromMilliseconds(ms) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
