using System.Collections.Concurrent;

namespace Bus.Core.Endpoint;

/// <summary>The subscriptions of one bus that have not ended. Thread-safe.</summary>
internal sealed class SubscriptionSet
{
    private readonly ConcurrentDictionary<SubscriptionCore, bool> _open = new();

    public void Add(SubscriptionCore subscription)
    {
        _open.TryAdd(subscription, true);
        // Also when it has ended already.
        subscription.Completion.ContinueWith(_ => _open.TryRemove(subscription, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public IEnumerable<SubscriptionCore> All() => _open.Keys;
}
