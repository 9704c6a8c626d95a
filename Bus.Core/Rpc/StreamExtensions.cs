using System.Runtime.CompilerServices;
using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Endpoint;
using Bus.Core.Streams;

namespace Bus.Core.Rpc;

/// <summary>
/// Calls whose answers, or what they send, are streams. Whoever reads slowly slows down whoever sends; nothing is buffered beyond the window of the reader. The same errors as of
/// <see cref="ServiceExtensions.CallAsync{TRequest, TResponse}"/>, and those that are named here, end the enumeration.
/// </summary>
public static class StreamExtensions
{
    /// <summary>Calls a method that answers with a stream. The call is made when the enumeration begins; ending the enumeration, or its token, cancels it at the service.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TItem">What the items are read as.</typeparam>
    /// <param name="bus">The bus.</param>
    /// <param name="service">The name of the service.</param>
    /// <param name="method">The name of the method.</param>
    /// <param name="request">The request, as any payload.</param>
    /// <param name="options">Timeouts, window, instance, headers. Default: the timeout of the bus for the service to take it on.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="StreamBrokenException">An item was lost or came twice.</exception>
    /// <exception cref="ResponderLostException">The service left the bus before the end. What it had sent comes first.</exception>
    /// <exception cref="ConnectionLostException">The connection to the bus broke.</exception>
    public static IAsyncEnumerable<TItem> CallStreamAsync<TRequest, TItem>(this IBus bus, string service, string method, TRequest request, StreamCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        var checkedOptions = Check(bus, service, method, options);
        return RunAsync<TRequest, byte[], TItem>(Facade(bus), service, method, request, items: null, checkedOptions, cancellationToken);
    }

    /// <summary>Calls a method with a stream in both directions. The call is made when the enumeration begins, and is over when the answers are.</summary>
    /// <typeparam name="TIn">The items that are sent.</typeparam>
    /// <typeparam name="TOut">What the answers are read as.</typeparam>
    /// <param name="bus">The bus.</param>
    /// <param name="service">The name of the service.</param>
    /// <param name="method">The name of the method.</param>
    /// <param name="items">What is sent, as fast as the service reads it. If it fails, so does the call, with the same exception.</param>
    /// <param name="options">Timeouts, window, instance, headers. Default: the timeout of the bus for the service to take it on.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="StreamBrokenException">An item was lost or came twice.</exception>
    /// <exception cref="ResponderLostException">The service left the bus before the end. What it had sent comes first.</exception>
    /// <exception cref="ConnectionLostException">The connection to the bus broke.</exception>
    public static IAsyncEnumerable<TOut> CallDuplexAsync<TIn, TOut>(this IBus bus, string service, string method, IAsyncEnumerable<TIn> items, StreamCallOptions? options = null, CancellationToken cancellationToken = default) =>
        CallDuplexAsync<byte[], TIn, TOut>(bus, service, method, [], items, options, cancellationToken);

    /// <summary>As the other, with a request that is sent before the items.</summary>
    public static IAsyncEnumerable<TOut> CallDuplexAsync<TRequest, TIn, TOut>(this IBus bus, string service, string method, TRequest request, IAsyncEnumerable<TIn> items, StreamCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        var checkedOptions = Check(bus, service, method, options);
        return RunAsync<TRequest, TIn, TOut>(Facade(bus), service, method, request, items, checkedOptions, cancellationToken);
    }

    /// <summary>Calls a method to which a stream is sent, and waits for its answer.</summary>
    /// <typeparam name="TItem">The items that are sent.</typeparam>
    /// <typeparam name="TResponse">What the answer is read as.</typeparam>
    /// <param name="bus">The bus.</param>
    /// <param name="service">The name of the service.</param>
    /// <param name="method">The name of the method.</param>
    /// <param name="items">What is sent, as fast as the service reads it. If it fails, so does the call, with the same exception. If the service has enough of it, its enumeration is ended.</param>
    /// <param name="options">Timeouts, instance, headers. Default: the timeout of the bus for the service to take it on, and again from the last item until the answer.</param>
    /// <param name="cancellationToken">Cancels the call, here and at the service.</param>
    /// <exception cref="RequestTimeoutException">The service did not take it on, make room or answer in time.</exception>
    /// <exception cref="ResponderLostException">The service left the bus before it answered.</exception>
    /// <exception cref="ConnectionLostException">The connection to the bus broke.</exception>
    public static Task<TResponse> CallUploadAsync<TItem, TResponse>(this IBus bus, string service, string method, IAsyncEnumerable<TItem> items, StreamCallOptions? options = null, CancellationToken cancellationToken = default) =>
        CallUploadAsync<byte[], TItem, TResponse>(bus, service, method, [], items, options, cancellationToken);

    /// <summary>As the other, with a request that is sent before the items.</summary>
    public static async Task<TResponse> CallUploadAsync<TRequest, TItem, TResponse>(this IBus bus, string service, string method, TRequest request, IAsyncEnumerable<TItem> items, StreamCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        options = Check(bus, service, method, options);
        await using var call = new StreamCall<TResponse>(Facade(bus), ServiceTopics.MethodOf(service, method), options, cancellationToken);
        await call.OpenAsync(service, method, request);
        call.Send(items);
        return await call.ReadAnswerAsync();
    }

    /// <summary>Offers another method of a service that answers with a stream, as <see cref="ServiceBuilder.Stream{TRequest, TItem}"/>.</summary>
    public static Task AddStreamAsync<TRequest, TItem>(this IBusService service, string method, Func<TRequest, CallContext, IAsyncEnumerable<TItem>> handler, MethodOptions? options = null, CancellationToken cancellationToken = default) =>
        Running(service).AddStreamAsync(method, StreamHandlers.Answers(handler), StreamKind.Answers, options, cancellationToken);

    /// <summary>Offers another method of a service to which a stream is sent, as <see cref="ServiceBuilder.Upload{TItem, TResponse}"/>.</summary>
    public static Task AddUploadAsync<TItem, TResponse>(this IBusService service, string method, Func<IAsyncEnumerable<TItem>, CallContext, ValueTask<TResponse>> handler, MethodOptions? options = null, CancellationToken cancellationToken = default) =>
        Running(service).AddStreamAsync(method, StreamHandlers.Upload(handler), StreamKind.Upload, options, cancellationToken);

    /// <summary>As the other, of which the caller sends a request before its items.</summary>
    public static Task AddUploadAsync<TRequest, TItem, TResponse>(this IBusService service, string method, Func<TRequest, IAsyncEnumerable<TItem>, CallContext, ValueTask<TResponse>> handler, MethodOptions? options = null, CancellationToken cancellationToken = default) =>
        Running(service).AddStreamAsync(method, StreamHandlers.Upload(handler), StreamKind.Upload, options, cancellationToken);

    /// <summary>Offers another method of a service with a stream in both directions, as <see cref="ServiceBuilder.Duplex{TIn, TOut}"/>.</summary>
    public static Task AddDuplexAsync<TIn, TOut>(this IBusService service, string method, Func<IAsyncEnumerable<TIn>, CallContext, IAsyncEnumerable<TOut>> handler, MethodOptions? options = null, CancellationToken cancellationToken = default) =>
        Running(service).AddStreamAsync(method, StreamHandlers.Duplex(handler), StreamKind.Duplex, options, cancellationToken);

    /// <summary>As the other, of which the caller sends a request before its items.</summary>
    public static Task AddDuplexAsync<TRequest, TIn, TOut>(this IBusService service, string method, Func<TRequest, IAsyncEnumerable<TIn>, CallContext, IAsyncEnumerable<TOut>> handler, MethodOptions? options = null, CancellationToken cancellationToken = default) =>
        Running(service).AddStreamAsync(method, StreamHandlers.Duplex(handler), StreamKind.Duplex, options, cancellationToken);

    private static async IAsyncEnumerable<TOut> RunAsync<TRequest, TIn, TOut>(BusFacade bus, string service, string method, TRequest request, IAsyncEnumerable<TIn>? items, StreamCallOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var call = new StreamCall<TOut>(bus, ServiceTopics.MethodOf(service, method), options, cancellationToken);
        await call.OpenAsync(service, method, request);
        if (items is not null) call.Send(items);
        while (await call.ReadAsync(options.IdleTimeout) is { } item) yield return item.Data;
    }

    private static StreamCallOptions Check(IBus bus, string service, string method, StreamCallOptions? options)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ServiceTopics.ValidateService(service);
        ServiceTopics.ValidateMethod(method);
        return (options ?? new StreamCallOptions()).Validate();
    }

    private static BusFacade Facade(IBus bus) => bus as BusFacade ?? throw new ArgumentException($"A {bus.GetType()} cannot call streams: it has to be a bus of this library.", nameof(bus));

    private static BusService Running(IBusService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return service as BusService ?? throw new ArgumentException($"A {service.GetType()} cannot offer streams: it has to be a service of this library.", nameof(service));
    }
}
