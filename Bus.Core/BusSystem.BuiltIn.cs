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

    /// <summary>Marks an actor of the data path: its turns never wait, so the thread that told it something may run it next.</summary>
    public static Props OnDataPath(Props props) => props.WithBoundedTurns();

    /// <summary>The recipe of one of very many actors of the data path: they share the factory, and differ in what they are made from.</summary>
    public static Props OnDataPath<TActor>(object state, Func<object, TActor> factory)
        where TActor : ActorBase => Props.CreateBounded(state, factory);

    /// <summary>
    /// Up to the end of the scope, actors of the data path that are told something wait; then they run on this thread, without a wake-up, or, if it is part of a stream, in
    /// pieces on other threads.
    /// </summary>
    public static ReadScope BeginRead(bool isStream) => new(LocalRuns.Open(isShared: isStream));

    /// <summary>Runs, at its end, what was told in it.</summary>
    public readonly ref struct ReadScope(LocalRuns.Scope runs) : IDisposable
    {
        private readonly LocalRuns.Scope _runs = runs;

        /// <summary>Runs it.</summary>
        public void Dispose() => _runs.Dispose();
    }
}
