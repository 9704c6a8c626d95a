namespace Bus.Core.Hosting;

/// <summary>One participant of the bus inside the process.</summary>
public sealed record LocalBusOptions
{
    /// <summary>Its name. Default: the name of the bus.</summary>
    public string? Name { get; init; }

    /// <summary>Whether its subscriptions get what it publishes itself. Default: true.</summary>
    public bool Echo { get; init; } = true;
}
