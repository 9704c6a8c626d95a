namespace Bus.Core;

/// <summary>The one file of the bus that knows the runtime: how an actor system is started, and what comes with one.</summary>
internal static class BusSystem
{
    /// <summary>What the actor system of a bus is called if it is the bus that starts it.</summary>
    public const string DefaultName = "ipcbus";

    /// <summary>The name of a bus among the actors of its system. What stands beside it has this before its own name.</summary>
    public const string RootName = "bus";

    /// <summary>Starts an actor system that logs to its event stream only.</summary>
    public static ActorSystem Create(string name) => ActorSystem.Create(name);

    /// <summary>What was added to the bus of an actor system when that was set up; null if nothing was.</summary>
    public static object? PartsIn(ActorSystem system) => null;
}
