namespace Bus.Core.Client;

/// <summary>What was sent to a client by name reached nobody.</summary>
/// <param name="name">The name.</param>
/// <param name="text">Why, in the words of the bus.</param>
/// <param name="isConnected">Whether somebody has the name.</param>
public sealed class ClientAbsentException(string name, string text, bool isConnected)
    : BusException($"The message to '{name}' reached nobody: {text}")
{
    /// <inheritdoc />
    public override string? Error => BusErrors.ClientAbsent;

    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>Whether a client of this name is on the bus, but has no inbox open. False: nobody has the name.</summary>
    public bool IsConnected { get; } = isConnected;
}
