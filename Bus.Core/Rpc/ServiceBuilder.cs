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
}
