namespace Bus.Core.Client;

/// <summary>
/// What runs around a handler: of a method (<see cref="Rpc.ServiceOptions.Use"/>), of a router, which is a service too, or of a subscription (<see cref="SubscriptionOptions.Use"/>). It goes on by
/// <paramref name="next"/>, which ends when the handler has, and throws what that has thrown. It may throw itself, which is as if the handler had: a <see cref="RemoteErrorException"/> is the
/// answer. If it does neither, a message is skipped, and a request is answered with <see cref="BusErrors.NotHandled"/>. What it sets in an <see cref="AsyncLocal{T}"/> before it goes on is seen by
/// the handler; in services and routers <see cref="Context.CallContext.Current"/> is that of the call.
/// </summary>
/// <param name="message">What came. Its payload need not be readable.</param>
/// <param name="next">Runs what comes behind it. Can be called once.</param>
/// <param name="cancellationToken">As the handler gets it.</param>
public delegate ValueTask BusMiddleware(BusMessage message, Func<ValueTask> next, CancellationToken cancellationToken);
