using System.Text.Json;
using Bus.Core.Messages;
using Bus.Core.Presence;
using Bus.Core.State;

namespace Bus.Core.Services;

/// <summary>Pings everybody who is on the bus, and tells how long each took. Whoever does not answer in time holds up nobody beyond that.</summary>
internal sealed class PingService : SystemService
{
    public const string Name = "ping";

    private readonly Rounds<PingRound> _rounds;

    public PingService(BusEnvironment environment)
        : base(environment)
    {
        _rounds = new Rounds<PingRound>(() => Timers, Answer);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Probed probed:
                // It is good for every round that waits for one of this client.
                _rounds.Tell(round => round.Take(probed));
                break;
            case PingRound round:
                _rounds.End(round);
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

        if (!_rounds.MayBegin(request) || request.ReplyTo.IsEmpty) return;
        var round = new PingRound(Environment.Roster.Present(), request.Producer.Origin, request.ReplyTo.ToArray());
        foreach (var participant in round.Missing) participant.Owner.Tell(new Probe(participant, Self, Environment.Time.GetTimestamp()), Self);
        _rounds.Begin(round, timeout);
    }

    private void Answer(PingRound round) =>
        Publisher.Publish(round.ReplyTo, headers: default, JsonSerializer.SerializeToUtf8Bytes(round.ToList(), PresenceJson.Default.PingList));

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
