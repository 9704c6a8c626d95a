#nullable disable
namespace Bus.Actors;

/// <summary>The recipe of an actor: used for its creation and for every restart. Immutable and shareable.</summary>
public sealed class Props
{
    private readonly Func<object, ActorBase> _factory;
    private readonly object _state;

    private Props(Type type, Func<object, ActorBase> factory, object state, SupervisorStrategy supervisorStrategy, bool hasBoundedTurns = false)
    {
        Type = type;
        _factory = factory;
        _state = state;
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
        return new Props(typeof(TActor), static factory => ((Func<ActorBase>)factory)(), factory, supervisorStrategy);
    }

    /// <summary>The same recipe with another supervisor strategy.</summary>
    /// <param name="supervisorStrategy">The strategy.</param>
    /// <returns>The recipe.</returns>
    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) => new(Type, _factory, _state, supervisorStrategy, HasBoundedTurns);

    /// <summary>Whether the actor's turns never block its thread, so that whoever tells it something may run it next.</summary>
    internal bool HasBoundedTurns { get; }

    /// <summary>The same recipe for an actor that promises never to block its thread.</summary>
    internal Props WithBoundedTurns() => new(Type, _factory, _state, SupervisorStrategy, hasBoundedTurns: true);

    /// <summary>
    /// A recipe for one of very many actors that never block their thread: what they are made from is given to a factory that they share, which saves the 96 bytes of a
    /// closure and its delegate for each.
    /// </summary>
    internal static Props CreateBounded<TActor>(object state, Func<object, TActor> factory)
        where TActor : ActorBase => new(typeof(TActor), factory, state, supervisorStrategy: null, hasBoundedTurns: true);

    internal ActorBase NewActor() => _factory(_state);
}
