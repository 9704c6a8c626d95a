namespace Bus.Core.Presence;

/// <summary>One stay of a participant on the bus, from its join to its end. The object is the identity of the stay.</summary>
internal sealed class Participant(BusParticipant info, IActorRef owner)
{
    public BusParticipant Info => info;

    public string Name => info.Name;

    /// <summary>What its subscriptions belong to; other sockets of the same client publish in its name.</summary>
    public object? Origin { get; init; }

    /// <summary>What such a socket has to know. Null: there are none.</summary>
    public string? Key { get; init; }

    /// <summary>Its connection or endpoint: told <see cref="TakenOver"/> when it has to go.</summary>
    public IActorRef Owner => owner;

    /// <summary>For people: who has a name.</summary>
    public override string ToString()
    {
        var process = info.Pid is { } pid ? $"process {pid}" : "a process that gave no id";
        return $"{info.Name} is {process}{(info.Program is null ? "" : $" ({info.Program})")} on {info.Endpoint} since {info.Since:u}";
    }
}

/// <summary>Told to the owner of a participant whose name another has now, or to another socket of a client that has been replaced: close, and say so to that one when the topics have been told.</summary>
/// <param name="By">Who has it.</param>
/// <param name="Successor">Who waits until this one has given way.</param>
internal sealed record TakenOver(Participant By, IActorRef Successor) : Messages.IUndeliverable
{
    /// <summary>The owner has told the topics that its subscriptions have ended.</summary>
    public void GiveWay() => Successor.Tell(GivenWay.Instance, ActorRefs.NoSender);

    /// <summary>The owner has stopped: it did that before.</summary>
    void Messages.IUndeliverable.Undelivered() => GiveWay();
}

/// <summary>
/// Told to the owner of a participant by whoever had its name before: what it subscribes to from now on comes behind the end of the other's subscriptions, whose
/// places are free then.
/// </summary>
internal sealed class GivenWay
{
    public static readonly GivenWay Instance = new();
}

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
