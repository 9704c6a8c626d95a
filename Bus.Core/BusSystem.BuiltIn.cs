namespace Bus.Core;

/// <summary>The one file of the bus that knows the runtime: how an actor system is started.</summary>
internal static class BusSystem
{
    /// <summary>Starts an actor system that logs to its event stream only.</summary>
    public static ActorSystem Create(string name) => ActorSystem.Create(name);
}
