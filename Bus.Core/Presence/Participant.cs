namespace Bus.Core.Presence;

/// <summary>One stay of a participant on the bus, from its join to its end. The object is the identity of the stay.</summary>
internal sealed class Participant(BusParticipant info, IActorRef owner)
{
    public BusParticipant Info => info;

    public string Name => info.Name;

    /// <summary>Its connection or endpoint: told <see cref="TakenOver"/> when it has to go.</summary>
    public IActorRef Owner => owner;

    /// <summary>For people: who has a name.</summary>
    public override string ToString()
    {
        var process = info.Pid is { } pid ? $"process {pid}" : "a process that gave no id";
        return $"{info.Name} is {process}{(info.Program is null ? "" : $" ({info.Program})")} on {info.Endpoint} since {info.Since:u}";
    }
}

/// <summary>Told to the owner of a participant whose name another has now: close.</summary>
/// <param name="By">Who has it.</param>
internal sealed record TakenOver(Participant By);

/// <summary>Told to the presence actor: somebody came.</summary>
internal sealed record ParticipantJoined(Participant Participant);

/// <summary>Told to the presence actor: somebody left.</summary>
/// <param name="Participant">Who.</param>
/// <param name="Reason">Why.</param>
/// <param name="Will">What is to be published now. Null: nothing.</param>
internal sealed record ParticipantLeft(Participant Participant, LeaveReason Reason, KeptMessage? Will);

/// <summary>A message that the bus keeps to publish it later.</summary>
/// <param name="Topic">Where to.</param>
/// <param name="Body">Header block and payload.</param>
/// <param name="HeaderLength">Bytes of the header block.</param>
internal sealed record KeptMessage(byte[] Topic, byte[] Body, int HeaderLength);
