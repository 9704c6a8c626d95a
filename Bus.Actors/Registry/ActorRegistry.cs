#nullable disable
using System.Collections;

namespace Bus.Actors;

/// <summary>The actors of one system that others look up by key. Thread-safe. An actor that stops stays registered.</summary>
public class ActorRegistry : IActorRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Type, IActorRef> _actors = [];
    private readonly Dictionary<Type, TaskCompletionSource<IActorRef>> _waiting = [];

    /// <summary>The registry of a system.</summary>
    /// <param name="actorSystem">The system.</param>
    /// <returns>Always the same object for one system.</returns>
    public static ActorRegistry For(ActorSystem actorSystem) => ((ActorSystemImpl)actorSystem).Registry;

    /// <inheritdoc/>
    public void Register<TKey>(IActorRef actor, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (!TryRegister<TKey>(actor, overwrite)) throw new DuplicateActorRegistryException($"An actor is registered under {typeof(TKey)} already. Use another key, or say that it may be overwritten.");
    }

    /// <inheritdoc/>
    public bool TryRegister<TKey>(IActorRef actor, bool overwrite = false) => TryRegister(typeof(TKey), actor, overwrite);

    /// <inheritdoc/>
    public bool TryRegister(Type key, IActorRef actor, bool overwrite = false)
    {
        if (actor is null) return false;
        TaskCompletionSource<IActorRef> waiting;
        lock (_gate)
        {
            if (overwrite) _actors[key] = actor;
            else if (!_actors.TryAdd(key, actor)) return false;
            _waiting.Remove(key, out waiting);
        }

        waiting?.TrySetResult(actor);
        return true;
    }

    /// <inheritdoc/>
    public bool TryGet<TKey>(out IActorRef actor) => TryGet(typeof(TKey), out actor);

    /// <inheritdoc/>
    public bool TryGet(Type key, out IActorRef actor)
    {
        lock (_gate)
        {
            if (_actors.TryGetValue(key, out actor)) return true;
        }

        actor = ActorRefs.Nobody;
        return false;
    }

    /// <inheritdoc/>
    public IActorRef Get<TKey>() => TryGet<TKey>(out var actor) ? actor : throw new MissingActorRegistryEntryException($"No actor is registered under {typeof(TKey)}.");

    /// <inheritdoc/>
    public Task<IActorRef> GetAsync<TKey>(CancellationToken ct = default) => GetAsync(typeof(TKey), ct);

    /// <inheritdoc/>
    public Task<IActorRef> GetAsync(Type key, CancellationToken ct = default)
    {
        lock (_gate)
        {
            if (_actors.TryGetValue(key, out var actor)) return Task.FromResult(actor);
            // All who wait for one key wait for one task, each with a token of its own.
            if (!_waiting.TryGetValue(key, out var waiting)) _waiting.Add(key, waiting = new(TaskCreationOptions.RunContinuationsAsynchronously));
            return waiting.Task.WaitAsync(ct);
        }
    }

    /// <summary>All actors with their keys, as they are now.</summary>
    /// <returns>The actors.</returns>
    public IEnumerator<KeyValuePair<Type, IActorRef>> GetEnumerator()
    {
        lock (_gate) return _actors.ToList().GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
