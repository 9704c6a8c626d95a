#nullable disable
namespace Bus.Actors;

/// <summary>Finds an actor in a registry and keeps it. Thread-safe.</summary>
/// <typeparam name="TActor">The key that it is registered under.</typeparam>
public sealed class RequiredActor<TActor> : IRequiredActor<TActor>
{
    private readonly IReadOnlyActorRegistry _registry;
    private IActorRef _actor;

    /// <summary>For services; ask for <see cref="IRequiredActor{TActor}"/> there.</summary>
    /// <param name="registry">Where to look.</param>
    public RequiredActor(IReadOnlyActorRegistry registry) => _registry = registry;

    /// <inheritdoc/>
    public IActorRef ActorRef
    {
        get
        {
            if (_actor is not null) return _actor;
            if (_registry.TryGet<TActor>(out var actor)) return _actor = actor;
            throw new MissingActorRegistryEntryException($"No actor is registered under {typeof(TActor)}. It may be that it is not started yet: GetAsync waits for it.");
        }
    }

    /// <inheritdoc/>
    public async Task<IActorRef> GetAsync(CancellationToken cancellationToken = default) =>
        _actor ??= await _registry.GetAsync<TActor>(cancellationToken).ConfigureAwait(false);
}
