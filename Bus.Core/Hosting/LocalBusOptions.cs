namespace Bus.Core.Hosting;

/// <summary>One participant of the bus inside the process.</summary>
public sealed record LocalBusOptions
{
    /// <summary>Its name, unique on the bus (<see cref="SystemTopics.ValidateName"/>). Default: a generated one.</summary>
    public string? Name { get; init; }

    /// <summary>Whether somebody else who has the name is to be closed. Default: false, then opening the bus fails.</summary>
    public bool TakeOverName { get; init; }

    /// <summary>Whether its subscriptions get what it publishes itself. Default: true.</summary>
    public bool Echo { get; init; } = true;
}
