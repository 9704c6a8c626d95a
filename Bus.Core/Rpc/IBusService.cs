using Bus.Core.Context;

namespace Bus.Core.Rpc;

/// <summary>
/// A running instance of a service: what it offers can change at any time. After a lost connection all of it is offered again by itself. Disposing it stops it: calls that
/// it carries out are cancelled. All members are thread-safe.
/// </summary>
public interface IBusService : IAsyncDisposable
{
    /// <summary>The name that callers use.</summary>
    string Name { get; }

    /// <summary>Tells this instance from the others of the service.</summary>
    string Id { get; }

    /// <summary>Its version.</summary>
    string Version { get; }

    /// <summary>The names of its methods, in the order in which they were added.</summary>
    IReadOnlyList<string> Methods { get; }

    /// <summary>Completes when it has been stopped, or when its bus was closed; faults when the bus refused one of its subscriptions after a reconnect.</summary>
    Task Completion { get; }

    /// <summary>Raised after a method was carried out, on the thread that did.</summary>
    event EventHandler<MethodExecutedEventArgs>? MethodExecuted;

    /// <summary>Offers another method. When the task completes, calls reach it.</summary>
    /// <typeparam name="TRequest">What requests are read as.</typeparam>
    /// <typeparam name="TResponse">The answer.</typeparam>
    /// <param name="method">Its name: letters, digits, '_' and '-'.</param>
    /// <param name="handler">What it returns is the answer. It is called for many requests at the same time.</param>
    /// <param name="options">Description, metadata, timeout. Default: none.</param>
    /// <param name="cancellationToken">Ends the wait for the bus.</param>
    /// <exception cref="ArgumentException">The name is not valid, or the service has such a method.</exception>
    Task AddAsync<TRequest, TResponse>(string method, Func<TRequest, CallContext, ValueTask<TResponse>> handler, MethodOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Offers a method no more. Calls that have arrived are carried out.</summary>
    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(string method, CancellationToken cancellationToken = default);

    /// <summary>What it has done so far.</summary>
    ServiceStatus GetStatus();

    /// <summary>Stops it in good order: takes no more calls, and waits for those that have arrived.</summary>
    /// <param name="cancellationToken">Ends the wait; what is still carried out is cancelled.</param>
    Task DrainAsync(CancellationToken cancellationToken = default);
}

/// <summary>A method was carried out.</summary>
/// <param name="context">The call.</param>
/// <param name="elapsed">How long it took.</param>
/// <param name="error">What the handler threw, or what the call was refused with. Null: it was answered.</param>
public sealed class MethodExecutedEventArgs(CallContext context, TimeSpan elapsed, Exception? error) : EventArgs
{
    /// <summary>The call.</summary>
    public CallContext Context { get; } = context;

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; } = elapsed;

    /// <summary>What the handler threw, or what the call was refused with. Null: it was answered.</summary>
    public Exception? Error { get; } = error;
}
