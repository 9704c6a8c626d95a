using Bus.Core.Presence;

namespace Bus.Core.Messages;

/// <summary>Told to the owner of a participant: find out how far away it is. Answered with <see cref="Probed"/>, also when that cannot be found out any more.</summary>
/// <param name="participant">Who is asked.</param>
/// <param name="asker">Who wants to know.</param>
/// <param name="sentAt">When, as a timestamp of the clock.</param>
internal sealed class Probe(Participant participant, IActorRef asker, long sentAt) : IUndeliverable
{
    public long SentAt => sentAt;

    /// <param name="latency">The round trip. Null: there will be no answer.</param>
    public void Answer(TimeSpan? latency) => asker.Tell(new Probed(participant, latency), ActorRefs.NoSender);

    void IUndeliverable.Undelivered() => Answer(latency: null);
}

/// <summary>The answer to <see cref="Probe"/>.</summary>
internal sealed record Probed(Participant Participant, TimeSpan? Latency);
