using Bus.Core.Context;

namespace Bus.Core.Rpc;

/// <summary>The methods that a service begins with. Not thread-safe.</summary>
public sealed class ServiceBuilder
{
    private readonly List<Func<BusService, CancellationToken, Task>> _methods = [];

    internal ServiceBuilder()
    {
    }

    internal IReadOnlyList<Func<BusService, CancellationToken, Task>> Methods => _methods;

    /// <summary>Adds a method whose handler is asynchronous: what it returns is the answer. It is called for many requests at the same time.</summary>
    /// <typeparam name="TRequest">What requests are read as.</typeparam>
    /// <typeparam name="TResponse">The answer.</typeparam>
    /// <param name="method">Its name: letters, digits, '_' and '-'.</param>
    /// <param name="handler">Gets the request and the call that it belongs to.</param>
    /// <param name="options">Description, metadata, timeout. Default: none.</param>
    /// <exception cref="ArgumentException">The name is not valid.</exception>
    public ServiceBuilder Endpoint<TRequest, TResponse>(string method, Func<TRequest, CallContext, ValueTask<TResponse>> handler, MethodOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ServiceTopics.ValidateMethod(method);
        _methods.Add((service, cancellationToken) => service.AddAsync(method, handler, options, cancellationToken));
        return this;
    }

    /// <summary>As the other, with a handler that has its answer at once.</summary>
    public ServiceBuilder Endpoint<TRequest, TResponse>(string method, Func<TRequest, CallContext, TResponse> handler, MethodOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Endpoint<TRequest, TResponse>(method, (request, context) => new ValueTask<TResponse>(handler(request, context)), options);
    }

    /// <summary>Adds a method that answers with a stream: what it yields is sent as fast as the caller reads it.</summary>
    /// <typeparam name="TRequest">What requests are read as.</typeparam>
    /// <typeparam name="TItem">The items.</typeparam>
    /// <param name="method">Its name: letters, digits, '_' and '-'.</param>
    /// <param name="handler">
    /// Gets the request and the call that it belongs to. When the caller stops reading or is gone, the token of the call and that of the enumeration are cancelled, and the enumeration is disposed.
    /// </param>
    /// <param name="options">Description, metadata, timeout. Default: none.</param>
    /// <exception cref="ArgumentException">The name is not valid.</exception>
    public ServiceBuilder Stream<TRequest, TItem>(string method, Func<TRequest, CallContext, IAsyncEnumerable<TItem>> handler, MethodOptions? options = null) => Add(method, StreamHandlers.Answers(handler), StreamKind.Answers, options);

    /// <summary>Adds a method to which the caller sends a stream, and which gives one answer.</summary>
    /// <typeparam name="TItem">What the items are read as.</typeparam>
    /// <typeparam name="TResponse">The answer.</typeparam>
    /// <param name="method">Its name: letters, digits, '_' and '-'.</param>
    /// <param name="handler">Gets the items, which can be enumerated once, and the call that they belong to. If it does not read all of them, the caller is told to stop.</param>
    /// <param name="options">Description, metadata, timeout, window. Default: none.</param>
    /// <exception cref="ArgumentException">The name is not valid.</exception>
    public ServiceBuilder Upload<TItem, TResponse>(string method, Func<IAsyncEnumerable<TItem>, CallContext, ValueTask<TResponse>> handler, MethodOptions? options = null) => Add(method, StreamHandlers.Upload(handler), StreamKind.Upload, options);

    /// <summary>As the other, of which the caller sends a request before its items.</summary>
    public ServiceBuilder Upload<TRequest, TItem, TResponse>(string method, Func<TRequest, IAsyncEnumerable<TItem>, CallContext, ValueTask<TResponse>> handler, MethodOptions? options = null) => Add(method, StreamHandlers.Upload(handler), StreamKind.Upload, options);

    /// <summary>Adds a method with a stream in both directions, neither of which waits for the other unless the handler makes it.</summary>
    /// <typeparam name="TIn">What the items of the caller are read as.</typeparam>
    /// <typeparam name="TOut">The items of the answer.</typeparam>
    /// <param name="method">Its name: letters, digits, '_' and '-'.</param>
    /// <param name="handler">Gets the items of the caller, which can be enumerated once, and the call that they belong to. The call is over when the answers are.</param>
    /// <param name="options">Description, metadata, timeout, window. Default: none.</param>
    /// <exception cref="ArgumentException">The name is not valid.</exception>
    public ServiceBuilder Duplex<TIn, TOut>(string method, Func<IAsyncEnumerable<TIn>, CallContext, IAsyncEnumerable<TOut>> handler, MethodOptions? options = null) => Add(method, StreamHandlers.Duplex(handler), StreamKind.Duplex, options);

    /// <summary>As the other, of which the caller sends a request before its items.</summary>
    public ServiceBuilder Duplex<TRequest, TIn, TOut>(string method, Func<TRequest, IAsyncEnumerable<TIn>, CallContext, IAsyncEnumerable<TOut>> handler, MethodOptions? options = null) => Add(method, StreamHandlers.Duplex(handler), StreamKind.Duplex, options);

    private ServiceBuilder Add<TRequest, TIn, TOut>(string method, StreamHandler<TRequest, TIn, TOut> handler, StreamKind kind, MethodOptions? options)
    {
        ServiceTopics.ValidateMethod(method);
        _methods.Add((service, cancellationToken) => service.AddStreamAsync(method, handler, kind, options, cancellationToken));
        return this;
    }
}
