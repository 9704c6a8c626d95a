namespace Bus.Core.Presence;

/// <summary>The answer to a request on <c>$BUS.CLIENTS</c>.</summary>
/// <param name="Clients">Everybody who is here, by name.</param>
internal sealed record ParticipantList(IReadOnlyList<BusParticipant> Clients);
