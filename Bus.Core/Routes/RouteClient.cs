using System.Runtime.CompilerServices;
using Bus.Core.Client;
using Bus.Core.Rpc;

namespace Bus.Core.Routes;

/// <summary>How a client of a router behaves.</summary>
public sealed record RouteClientOptions
{
    /// <summary>
    /// Whether the bus is closed, too, when the router asks to end the connection (<see cref="RouteResponse.EndConnection"/>): drained, so that what is under way comes to its end.
    /// Default: no, only this client ends.
    /// </summary>
    public bool CloseBus { get; init; }
}

/// <summary>Calls the router of a service. Thread-safe.</summary>
public sealed class RouteClient
{
    private readonly IBus _bus;
    private readonly RouteClientOptions _options;
    private int _isClosed;

    internal RouteClient(IBus bus, string service, RouteClientOptions options) => (_bus, Service, _options) = (bus, service, options);

    /// <summary>The name of the service.</summary>
    public string Service { get; }

    /// <summary>Whether the router has ended the connection: every further call fails.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed) != 0;

    /// <summary>Asks for something.</summary>
    /// <typeparam name="T">What the answer is read as. One without a body is the default value: null for classes.</typeparam>
    /// <param name="path">Begins with a slash; may have a query. What has no place in a path is encoded by itself, but for <c>/ ? % &amp; #</c>.</param>
    /// <param name="options">Query, headers, timeout. Default: none, that of the bus.</param>
    /// <param name="cancellationToken">Gives the call up, and cancels it at the service.</param>
    /// <exception cref="RemoteErrorException">The router answered with an error: <c>not-found</c>, <c>bad-request</c>, <c>handler-failed</c> or its own.</exception>
    /// <exception cref="ServiceNotFoundException">No such service is on the bus. Thrown at once.</exception>
    /// <exception cref="MethodNotFoundException">The service is no router. Thrown at once.</exception>
    /// <exception cref="RequestTimeoutException">No answer came in time.</exception>
    /// <exception cref="DeadlineExceededException">The call that it was made in had no time left for it.</exception>
    /// <exception cref="PayloadFormatException">The answer cannot be read.</exception>
    /// <exception cref="ResponderLostException">The service's connection closed before it answered. Thrown at once.</exception>
    /// <exception cref="BusDisconnectedException">There is no connection, or it broke while waiting.</exception>
    /// <exception cref="BusClosedException">The bus is closed, or the router has ended the connection.</exception>
    public Task<T> GetAsync<T>(string path, RouteOptions? options = null, CancellationToken cancellationToken = default) => ReadAsync<T>(SendAsync("GET", path, options, cancellationToken));

    /// <summary>Deletes something.</summary>
    /// <inheritdoc cref="GetAsync{T}"/>
    public Task<T> DeleteAsync<T>(string path, RouteOptions? options = null, CancellationToken cancellationToken = default) => ReadAsync<T>(SendAsync("DELETE", path, options, cancellationToken));

    /// <summary>Adds something.</summary>
    /// <inheritdoc cref="GetAsync{T}"/>
    /// <typeparam name="TBody">Bytes and strings are sent as they are, anything else by the serializer of the bus.</typeparam>
    /// <typeparam name="T">What the answer is read as. One without a body is the default value: null for classes.</typeparam>
    /// <param name="path">Begins with a slash; may have a query.</param>
    /// <param name="body">What is sent.</param>
    /// <param name="options">Query, headers, timeout. Default: none, that of the bus.</param>
    /// <param name="cancellationToken">Gives the call up, and cancels it at the service.</param>
    public Task<T> PostAsync<TBody, T>(string path, TBody body, RouteOptions? options = null, CancellationToken cancellationToken = default) => ReadAsync<T>(SendAsync("POST", path, body, options, cancellationToken));

    /// <summary>Puts something in place.</summary>
    /// <inheritdoc cref="PostAsync{TBody, T}"/>
    public Task<T> PutAsync<TBody, T>(string path, TBody body, RouteOptions? options = null, CancellationToken cancellationToken = default) => ReadAsync<T>(SendAsync("PUT", path, body, options, cancellationToken));

    /// <summary>Changes something.</summary>
    /// <inheritdoc cref="PostAsync{TBody, T}"/>
    public Task<T> PatchAsync<TBody, T>(string path, TBody body, RouteOptions? options = null, CancellationToken cancellationToken = default) => ReadAsync<T>(SendAsync("PATCH", path, body, options, cancellationToken));

    /// <summary>Sends a request with any verb and gives the whole answer: status, headers, body. Errors that the service answers with are answers here; all others are thrown, as by the other methods.</summary>
    /// <param name="verb">Letters; their case does not count.</param>
    /// <param name="path">Begins with a slash; may have a query.</param>
    /// <param name="body">Bytes and strings are sent as they are, anything else by the serializer of the bus.</param>
    /// <param name="options">Query, headers, timeout. Default: none, that of the bus.</param>
    /// <param name="cancellationToken">Gives the call up, and cancels it at the service.</param>
    public async Task<RouteAnswer> SendAsync<TBody>(string verb, string path, TBody body, RouteOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (options?.CacheFor is not null && !verb.Equals("GET", StringComparison.OrdinalIgnoreCase)) throw new ArgumentException($"CacheFor is for GET requests, and this is a {verb}: it has to be made.", nameof(options));
        var call = new ServiceCallOptions { Headers = RouteOptions.ToHeaders(options, verb, path), Timeout = options?.Timeout, SafeToRetry = options?.SafeToRetry == true, FailFast = options?.FailFast == true, CacheFor = options?.CacheFor };
        if (IsClosed) throw new BusClosedException($"The router of '{Service}' has ended the connection: open another client for it if it may be called again.", Service);
        RouteAnswer answer;
        try
        {
            answer = new RouteAnswer(await _bus.CallMessageAsync<TBody, byte[]>(Service, RouteExtensions.Method, body, call, cancellationToken));
        }
        catch (RemoteErrorException e)
        {
            answer = new RouteAnswer(e);
        }

        if (answer.EndsConnection && Interlocked.Exchange(ref _isClosed, 1) == 0 && _options.CloseBus) _ = DrainAsync();
        return answer;
    }

    /// <summary>As the other, without a body.</summary>
    [OverloadResolutionPriority(1)]
    public Task<RouteAnswer> SendAsync(string verb, string path, RouteOptions? options = null, CancellationToken cancellationToken = default) => SendAsync(verb, path, ReadOnlyMemory<byte>.Empty, options, cancellationToken);

    private static async Task<T> ReadAsync<T>(Task<RouteAnswer> answer) => (await answer).Read<T>();

    private async Task DrainAsync()
    {
        // Whoever waits for the answer has it first.
        await Task.Yield();
        try
        {
            await _bus.DrainAsync();
        }
        catch (BusException)
        {
            // It was closed by somebody else meanwhile.
        }
    }
}
