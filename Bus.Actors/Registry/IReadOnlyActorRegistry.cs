#nullable disable
namespace Bus.Actors;

/// <summary>Actors by key. Thread-safe.</summary>
public interface IReadOnlyActorRegistry : IEnumerable<KeyValuePair<Type, IActorRef>>
{
    /// <summary>Looks an actor up.</summary>
    /// <typeparam name="TKey">The key.</typeparam>
    /// <param name="actor">The actor; <see cref="ActorRefs.Nobody"/> if there is none.</param>
    /// <returns>Whether there is one.</returns>
    bool TryGet<TKey>(out IActorRef actor);

    /// <summary>Looks an actor up.</summary>
    /// <param name="key">The key.</param>
    /// <param name="actor">The actor; <see cref="ActorRefs.Nobody"/> if there is none.</param>
    /// <returns>Whether there is one.</returns>
    bool TryGet(Type key, out IActorRef actor);

    /// <summary>The actor of a key.</summary>
    /// <typeparam name="TKey">The key.</typeparam>
    /// <returns>The actor.</returns>
    /// <exception cref="MissingActorRegistryEntryException">There is none.</exception>
    IActorRef Get<TKey>();

    /// <summary>The actor of a key, as soon as it is registered.</summary>
    /// <typeparam name="TKey">The key.</typeparam>
    /// <param name="ct">Ends the waiting.</param>
    /// <returns>The actor.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled before.</exception>
    Task<IActorRef> GetAsync<TKey>(CancellationToken ct = default);

    /// <summary>The actor of a key, as soon as it is registered.</summary>
    /// <param name="key">The key.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <returns>The actor.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled before.</exception>
    Task<IActorRef> GetAsync(Type key, CancellationToken ct = default);
}
