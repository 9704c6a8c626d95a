#nullable disable
namespace Bus.Actors;

/// <summary>Actors by key, and registering them. Thread-safe.</summary>
public interface IActorRegistry : IReadOnlyActorRegistry
{
    /// <summary>Registers an actor.</summary>
    /// <typeparam name="TKey">The key.</typeparam>
    /// <param name="actor">The actor.</param>
    /// <param name="overwrite">Whether it may take the place of another.</param>
    /// <exception cref="DuplicateActorRegistryException">The key has an actor, and it may not take its place.</exception>
    /// <exception cref="ArgumentNullException">The actor is null.</exception>
    void Register<TKey>(IActorRef actor, bool overwrite = false);

    /// <summary>Registers an actor, unless it is null or the key has one.</summary>
    /// <typeparam name="TKey">The key.</typeparam>
    /// <param name="actor">The actor.</param>
    /// <param name="overwrite">Whether it may take the place of another.</param>
    /// <returns>Whether it is registered now.</returns>
    bool TryRegister<TKey>(IActorRef actor, bool overwrite = false);

    /// <summary>Registers an actor, unless it is null or the key has one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="actor">The actor.</param>
    /// <param name="overwrite">Whether it may take the place of another.</param>
    /// <returns>Whether it is registered now.</returns>
    bool TryRegister(Type key, IActorRef actor, bool overwrite = false);
}
