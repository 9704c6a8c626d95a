namespace Bus.Core.Client;

/// <summary>Shorter forms of the calls of <see cref="IBus"/>.</summary>
public static class BusExtensions
{
    /// <summary>As <see cref="IBus.SubscribeAsync{T}"/>, without options.</summary>
    public static IAsyncEnumerable<BusMessage<T>> SubscribeAsync<T>(this IBus bus, TopicFilters filters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bus);
        return bus.SubscribeAsync<T>(filters, options: null, cancellationToken);
    }

    /// <summary>As <see cref="IBus.RespondAsync{TRequest, TResponse}"/>, for a handler that needs the request only.</summary>
    public static Task<ISubscription> RespondAsync<TRequest, TResponse>(this IBus bus, TopicFilters topic, Func<TRequest, CancellationToken, ValueTask<TResponse>> handler, SubscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(handler);
        return bus.RespondAsync<TRequest, TResponse>(topic, (request, _, token) => handler(request, token), options, cancellationToken);
    }

    /// <summary>Closes in good order (<see cref="IBus.DrainAsync"/>) within a time limit. What is not finished by then ends as with <see cref="IAsyncDisposable.DisposeAsync"/>.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="limit">How long handlers and replies may take.</param>
    /// <returns>Whether all was finished in time. The bus is closed in any case.</returns>
    public static async Task<bool> CloseAsync(this IBus bus, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(bus);
        using var patience = new CancellationTokenSource(limit, TimeProvider.System);
        try
        {
            await bus.DrainAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return false;
        }
    }
}
