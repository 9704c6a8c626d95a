#nullable disable
namespace Bus.Actors;

/// <summary>An actor of the application, to be injected where it is told or asked from outside: a controller, a hosted service.</summary>
/// <typeparam name="TActor">The key that it is registered under in the <see cref="ActorRegistry"/>; often its class.</typeparam>
public interface IRequiredActor<TActor>
{
    /// <summary>The actor.</summary>
    /// <exception cref="MissingActorRegistryEntryException">It is not registered, or not yet; <see cref="GetAsync"/> waits for it.</exception>
    IActorRef ActorRef { get; }

    /// <summary>The actor, as soon as it is registered.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The actor.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled before.</exception>
    Task<IActorRef> GetAsync(CancellationToken cancellationToken = default);
}
