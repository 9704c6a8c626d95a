using Bus.Core.Client;
using Bus.Core.Services;

namespace Bus.Core.Rpc;

/// <summary>A service with the methods that it had announced when this was made: for callers that learn at run time what there is. Thread-safe.</summary>
public sealed class RemoteService
{
    private readonly IBus _bus;
    private readonly ServiceCallOptions _options;

    internal RemoteService(IBus bus, string name, ServiceCallOptions options, IEnumerable<EndpointInfo> endpoints)
    {
        (_bus, Name, _options) = (bus, name, options);
        Methods = [.. endpoints.DistinctBy(endpoint => endpoint.Name).OrderBy(endpoint => endpoint.Name, StringComparer.Ordinal).Select(endpoint => new RemoteMethod(endpoint.Name, endpoint.Metadata ?? new Dictionary<string, string>()))];
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What its instances offer together, by name.</summary>
    public IReadOnlyList<RemoteMethod> Methods { get; }

    /// <summary>Calls a method, as <see cref="ServiceExtensions.CallAsync"/> does, which names what else it throws.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResponse">What the answer is read as.</typeparam>
    /// <param name="method">The name of the method.</param>
    /// <param name="request">The request, as any payload.</param>
    /// <param name="cancellationToken">Gives the call up, and cancels it at the service.</param>
    /// <exception cref="MethodNotFoundException">It was not announced: nothing is sent.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(string method, TRequest request, CancellationToken cancellationToken = default)
    {
        Check(method);
        return await _bus.CallAsync<TRequest, TResponse>(Name, method, request, _options, cancellationToken);
    }

    /// <summary>A method as a function of its own: <c>var add = calculator.Method&lt;int[], int&gt;("add"); await add([1, 2], token);</c></summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResponse">What the answer is read as.</typeparam>
    /// <param name="method">The name of the method.</param>
    /// <exception cref="MethodNotFoundException">It was not announced.</exception>
    public Func<TRequest, CancellationToken, Task<TResponse>> Method<TRequest, TResponse>(string method)
    {
        Check(method);
        return (request, cancellationToken) => _bus.CallAsync<TRequest, TResponse>(Name, method, request, _options, cancellationToken);
    }

    private void Check(string method)
    {
        if (!Methods.Any(announced => announced.Name == method)) throw new MethodNotFoundException(Name, method, [.. Methods.Select(announced => announced.Name)]);
    }
}

/// <summary>A method that a service has announced.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Metadata">What the service tells of it; its description is called <c>description</c>.</param>
public sealed record RemoteMethod(string Name, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>What it does, for people. May be empty.</summary>
    public string Description => Metadata.GetValueOrDefault("description", "");
}
