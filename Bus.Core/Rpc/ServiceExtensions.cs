using Bus.Core.Client;
using Bus.Core.Endpoint;

namespace Bus.Core.Rpc;

/// <summary>Offering services and calling them, as the NATS services convention (ADR-32) has it: services and clients of any NATS library are found and called too.</summary>
public static class ServiceExtensions
{
    /// <summary>
    /// Offers a service. When the task completes, it can be called and found. Others may offer the same service: each call goes to one of them.
    /// </summary>
    /// <param name="bus">The bus. The service ends with it.</param>
    /// <param name="name">Its name: letters, digits, '_' and '-'. Method <c>get</c> of service <c>users</c> is called on the topic <c>users.get</c>.</param>
    /// <param name="methods">Adds the methods that it begins with. More may be added later (<see cref="IBusService.AddAsync"/>).</param>
    /// <param name="options">Version, metadata, limits. Default: version 1.0.0, 64 calls at the same time.</param>
    /// <param name="cancellationToken">Ends the wait for the bus.</param>
    /// <exception cref="ArgumentException">The name or an option is not valid, or two methods have one name.</exception>
    /// <exception cref="BusRefusedException">The bus refuses a topic of it.</exception>
    /// <exception cref="BusDisconnectedException">The bus did not acknowledge it in time.</exception>
    /// <exception cref="BusClosedException">The bus is closed.</exception>
    public static async Task<IBusService> ServeAsync(this IBus bus, string name, Action<ServiceBuilder>? methods = null, ServiceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        if (bus is not BusFacade facade) throw new ArgumentException($"A {bus.GetType()} cannot offer services: it has to be a bus of this library.", nameof(bus));
        ServiceTopics.ValidateService(name);
        options ??= new ServiceOptions();
        options.Validate();
        var builder = new ServiceBuilder();
        methods?.Invoke(builder);
        var service = new BusService(facade, name, options);
        await service.StartAsync(builder.Methods, cancellationToken);
        return service;
    }

    /// <summary>Calls a method of a service and waits for its answer. Never waits for ever, unless it is told to.</summary>
    /// <remarks>
    /// Called while a method of a service is carried out, it takes the context of that call along: the remaining time is its timeout, and it is cancelled with it. Cancelling
    /// it, or closing the bus, cancels the method at the other side.
    /// </remarks>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResponse">What the answer is read as.</typeparam>
    /// <param name="bus">The bus.</param>
    /// <param name="service">The name of the service.</param>
    /// <param name="method">The name of the method.</param>
    /// <param name="request">The request, as any payload.</param>
    /// <param name="options">Timeout, instance, headers. Default: any instance, the timeout of the bus.</param>
    /// <param name="cancellationToken">Gives the call up, and cancels it at the service.</param>
    /// <exception cref="ServiceNotFoundException">No such service is on the bus. Thrown at once.</exception>
    /// <exception cref="MethodNotFoundException">The service has no such method. Thrown at once.</exception>
    /// <exception cref="RequestTimeoutException">No answer came in time.</exception>
    /// <exception cref="DeadlineExceededException">The call that it was made in had no time left for it.</exception>
    /// <exception cref="DepthExceededException">The call has gone through more services than one of them allows.</exception>
    /// <exception cref="CallLoopException">The call has come through one service more often than that allows.</exception>
    /// <exception cref="RemoteErrorException">The handler failed, or answered with an error.</exception>
    /// <exception cref="PayloadFormatException">The answer cannot be read.</exception>
    /// <exception cref="PayloadTooLargeException">The request is larger than the bus allows.</exception>
    /// <exception cref="ResponderLostException">The service's connection closed before it answered. Thrown at once.</exception>
    /// <exception cref="BusDisconnectedException">There is no connection, or it broke while waiting.</exception>
    public static async Task<TResponse> CallAsync<TRequest, TResponse>(this IBus bus, string service, string method, TRequest request, ServiceCallOptions? options = null, CancellationToken cancellationToken = default) =>
        (await CallMessageAsync<TRequest, TResponse>(bus, service, method, request, options, cancellationToken)).Data;

    /// <summary>As <see cref="CallAsync{TRequest, TResponse}"/>, with the whole answer and its headers.</summary>
    public static Task<BusMessage<TResponse>> CallMessageAsync<TRequest, TResponse>(this IBus bus, string service, string method, TRequest request, ServiceCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ServiceTopics.ValidateService(service);
        ServiceTopics.ValidateMethod(method);
        options ??= new ServiceCallOptions();
        return options.CacheFor is { } maxAge
            ? new CachedCaller(ResponseCacheExtensions.Required(bus), service, method, options, maxAge).CallAsync<TRequest, TResponse>(request, cancellationToken)
            : new ServiceCaller(bus, service, method, options).CallAsync<TRequest, TResponse>(request, cancellationToken);
    }
}
