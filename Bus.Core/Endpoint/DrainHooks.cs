using System.Collections.Concurrent;

namespace Bus.Core.Endpoint;

/// <summary>What users have built on a bus and has to come to an end before its subscriptions do: services. Thread-safe.</summary>
internal sealed class DrainHooks
{
    private readonly ConcurrentDictionary<object, Func<CancellationToken, Task>> _hooks = new(ReferenceEqualityComparer.Instance);

    public void Add(object owner, Func<CancellationToken, Task> drain) => _hooks[owner] = drain;

    public void Remove(object owner) => _hooks.TryRemove(owner, out _);

    public Task DrainAsync(CancellationToken cancellationToken) => Task.WhenAll(_hooks.Values.Select(drain => drain(cancellationToken)));
}
