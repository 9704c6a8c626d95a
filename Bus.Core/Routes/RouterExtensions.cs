using System.Runtime.CompilerServices;
using Bus.Core.Client;
using Bus.Core.Endpoint;

namespace Bus.Core.Routes;

/// <summary>Routers without a bus.</summary>
public static class RouterExtensions
{
    /// <summary>Has a router answer a request in this process, over no bus: to test its routes with.</summary>
    /// <param name="router">The router.</param>
    /// <param name="verb">Letters; their case does not count.</param>
    /// <param name="path">The path, perhaps with a query.</param>
    /// <param name="body">Bytes and strings as they are, anything else as JSON.</param>
    /// <param name="options">Query and headers; the rest has no meaning here. Default: none.</param>
    /// <param name="cancellationToken">Given to the handlers.</param>
    /// <exception cref="ArgumentException">Verb or path is not valid.</exception>
    public static async Task<RouteAnswer> DispatchAsync<TBody>(this BusRouter router, string verb, string path, TBody body, RouteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(router);
        var headers = RouteOptions.ToHeaders(options, verb, path);
        var source = new MemorySource(new BusMessage<TBody>("(in memory)", body, headers));
        var (_, fault) = await RouteFlow.RunAsync(router, source, headers[RouteHeaders.Method], headers[RouteHeaders.Path], cancellationToken);
        if (source.Answer is { } answer) return answer;
        var failure = Answer.Failure(source.Message, fault, ErrorDetail.Message);
        return new RouteAnswer(new RemoteErrorException(failure.Text!, failure.Code, failure.Error, failure.Detail));
    }

    /// <summary>As <see cref="DispatchAsync{TBody}"/>, without a body.</summary>
    [OverloadResolutionPriority(1)]
    public static Task<RouteAnswer> DispatchAsync(this BusRouter router, string verb, string path, RouteOptions? options = null, CancellationToken cancellationToken = default) =>
        router.DispatchAsync(verb, path, ReadOnlyMemory<byte>.Empty, options, cancellationToken);
}
