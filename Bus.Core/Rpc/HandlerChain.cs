using Bus.Core.Client;
using Bus.Core.Context;

namespace Bus.Core.Rpc;

/// <summary>What one of several handlers of a method says to a request: an answer, or that the next one is to see it.</summary>
/// <typeparam name="T">The answer.</typeparam>
public readonly record struct Handled<T>
{
    internal Handled(T answer) => (Answer, IsAnswer) = (answer, true);

    /// <summary>Whether it is an answer; then no other handler sees the request.</summary>
    public bool IsAnswer { get; }

    /// <summary>The answer, if it is one.</summary>
    public T? Answer { get; }
}

/// <summary>Makes what a handler says.</summary>
public static class Handled
{
    /// <summary>An answer: no other handler sees the request.</summary>
    public static Handled<T> With<T>(T answer) => new(answer);

    /// <summary>Not mine: the next handler sees it.</summary>
    public static Handled<T> Pass<T>() => default;
}

/// <summary>Methods with several handlers.</summary>
public static class HandlerChain
{
    /// <summary>
    /// Adds a method with several handlers, which see a request in their order until one answers it. One that throws ends it too. If none answers, the caller gets the
    /// error <see cref="BusErrors.NotHandled"/> at once.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="method">Its name.</param>
    /// <param name="options">Description, metadata, timeout. Default: none.</param>
    /// <param name="handlers">Each gives an answer, or <see cref="Handled.Pass{T}"/>.</param>
    /// <exception cref="ArgumentException">The name is not valid, or there is no handler.</exception>
    public static ServiceBuilder Chain<TRequest, TResponse>(this ServiceBuilder service, string method, MethodOptions? options, params Func<TRequest, CallContext, ValueTask<Handled<TResponse>>>[] handlers)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(handlers);
        if (handlers.Length == 0) throw new ArgumentException($"The method '{method}' needs one handler at least.", nameof(handlers));
        return service.Endpoint<TRequest, TResponse>(method, async (request, context) =>
        {
            foreach (var handler in handlers)
            {
                if (await handler(request, context) is { IsAnswer: true } handled) return handled.Answer!;
            }

            throw new RemoteErrorException($"No handler of '{context.Service}.{context.Method}' took the request.", 404, BusErrors.NotHandled);
        }, options);
    }
}
