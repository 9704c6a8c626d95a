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
}
