namespace Bus.Core.State;

/// <summary>Asks a part of the bus whether it is well. Answered with <see cref="PartHealth"/>, in the part's own turn.</summary>
internal sealed record GetHealth(IActorRef ReplyTo);

/// <summary>How a part of the bus is.</summary>
/// <param name="Problem">What it cannot do at the moment; null if it is well.</param>
/// <param name="Count">How many it has of what it looks after: filters, connections.</param>
internal sealed record PartHealth(string? Problem, int Count);
