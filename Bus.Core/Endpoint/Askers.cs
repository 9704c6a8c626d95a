namespace Bus.Core.Endpoint;

/// <summary>Tells those who wait for an answer from those who merely have a name.</summary>
internal static class Askers
{
    /// <summary>Whether a sender is the temporary reference of an Ask: directly below <c>/temp</c>, on either runtime.</summary>
    public static bool IsAsker(IActorRef? sender) =>
        sender?.Path is { Parent: { Name: "temp", Parent: { } root } } && root.Parent is null;
}
