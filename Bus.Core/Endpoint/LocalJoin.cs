using Bus.Core.Presence;
using Bus.Core.State;

namespace Bus.Core.Endpoint;

/// <summary>Lets a bus of this process take part.</summary>
internal static class LocalJoin
{
    private const string InProcess = "in-process";

    /// <returns>Null when it has its name, else who has it.</returns>
    public static Participant? TryJoin(BusEnvironment environment, LocalProducer producer, string name, IActorRef endpoint, bool takeOver)
    {
        var participant = new Participant(
            new BusParticipant
            {
                Id = endpoint.Path.Name,
                Name = name,
                Since = environment.Time.GetUtcNow(),
                Pid = Environment.ProcessId,
                Endpoint = InProcess,
                Program = GeneratedName.Program,
            },
            endpoint);
        if (environment.Roster.TryJoin(participant, takeOver, out _) is { } holder) return holder;
        producer.Participant = participant;
        return null;
    }
}
