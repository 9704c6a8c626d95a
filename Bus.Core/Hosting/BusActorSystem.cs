namespace Bus.Core.Hosting;

/// <summary>The actor system of a bus whose application has none. Started when it is asked for first. Thread-safe.</summary>
internal sealed class BusActorSystem
{
    private readonly Lazy<ActorSystem> _system = new(() => BusSystem.Create(BusSystem.DefaultName));

    public ActorSystem System => _system.Value;

    public bool Is(ActorSystem system) => _system.IsValueCreated && ReferenceEquals(_system.Value, system);
}
