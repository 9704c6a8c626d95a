#nullable disable
namespace Bus.Actors;

/// <summary>The recipe of an actor: used for its creation and for every restart. Immutable and shareable.</summary>
public sealed class Props
{
    private readonly Func<ActorBase> _factory;

    private Props(Type type, Func<ActorBase> factory, SupervisorStrategy supervisorStrategy, bool hasBoundedTurns = false)
    {
        Type = type;
        _factory = factory;
        SupervisorStrategy = supervisorStrategy;
        HasBoundedTurns = hasBoundedTurns;
    }

    /// <summary>The type of the actor.</summary>
    public Type Type { get; }

    /// <summary>What the actor does about failures of its children, in place of its own strategy; null for its own.</summary>
    public SupervisorStrategy SupervisorStrategy { get; }

    /// <summary>Makes a recipe. Capture only locals that never change: the factory runs again at every restart.</summary>
    /// <typeparam name="TActor">The type of the actor.</typeparam>
    /// <param name="factory"><c>() => new TActor(...)</c> and nothing else.</param>
    /// <param name="supervisorStrategy">What the actor does about failures of its children; null for its own strategy.</param>
    /// <returns>The recipe.</returns>
    public static Props Create<TActor>(Func<TActor> factory, SupervisorStrategy supervisorStrategy = null)
        where TActor : ActorBase
    {
        ArgumentNullException.ThrowIfNull(factory);
        return new Props(typeof(TActor), factory, supervisorStrategy);
    }

    /// <summary>The same recipe with another supervisor strategy.</summary>
    /// <param name="supervisorStrategy">The strategy.</param>
    /// <returns>The recipe.</returns>
    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) => new(Type, _factory, supervisorStrategy, HasBoundedTurns);

    /// <summary>Whether the actor's turns never block its thread, so that whoever tells it something may run it next.</summary>
    internal bool HasBoundedTurns { get; }

    /// <summary>The same recipe for an actor that promises never to block its thread.</summary>
    internal Props WithBoundedTurns() => new(Type, _factory, SupervisorStrategy, hasBoundedTurns: true);

    internal ActorBase NewActor() => _factory();
}
