using Bus.Core.Client;
using Bus.Core.Rpc;

namespace Bus.Core.Contracts;

/// <summary>Offering and calling services by an interface, as <see cref="BusContractAttribute"/> makes it.</summary>
public static class ContractExtensions
{
    /// <summary>A client of the service. Needs no bus to be there yet, and has no end of its own: keep it as long as you like. Thread-safe.</summary>
    /// <remarks>Its methods throw what <see cref="ServiceExtensions.CallAsync"/> throws. A <see cref="CancellationToken"/> among their parameters cancels the call, here and at the service.</remarks>
    /// <typeparam name="TContract">The interface.</typeparam>
    /// <param name="bus">The bus.</param>
    /// <param name="options">How each method is called: timeout, instance, headers. Default: any instance, the timeout of the method, or that of the bus.</param>
    public static TContract Contract<TContract>(this IBus bus, ServiceCallOptions? options = null)
        where TContract : class, IBusContract<TContract>
    {
        ArgumentNullException.ThrowIfNull(bus);
        return TContract.Connect(bus, options ?? new ServiceCallOptions());
    }

    /// <summary>
    /// Offers an implementation as the service of its contract. When the task completes, it can be called and found. It is called for many requests at the same time, and
    /// belongs to the caller: when the service ends, it is not disposed.
    /// </summary>
    /// <typeparam name="TContract">The interface.</typeparam>
    /// <param name="bus">The bus. The service ends with it.</param>
    /// <param name="implementation">Carries out the calls. What it throws is the answer: a <see cref="RemoteErrorException"/> has a code of its choice.</param>
    /// <param name="options">Metadata, limits; the version of the contract goes before theirs, their description before that of the contract. Default: 64 calls at the same time.</param>
    /// <param name="cancellationToken">Ends the wait for the bus.</param>
    /// <exception cref="ArgumentException">An option is not valid.</exception>
    /// <exception cref="BusRefusedException">The bus refuses a topic of it.</exception>
    /// <exception cref="BusDisconnectedException">The bus did not acknowledge it in time.</exception>
    /// <exception cref="BusClosedException">The bus is closed.</exception>
    public static Task<IBusService> ServeAsync<TContract>(this IBus bus, TContract implementation, ServiceOptions? options = null, CancellationToken cancellationToken = default)
        where TContract : class, IBusContract<TContract>
    {
        ArgumentNullException.ThrowIfNull(implementation);
        var contract = TContract.Contract;
        options ??= new ServiceOptions();
        options = options with
        {
            Version = contract.Version ?? options.Version,
            Description = options.Description is { Length: > 0 } own ? own : contract.Description,
        };
        return bus.ServeAsync(contract.Service, service => TContract.Offer(service, implementation), options, cancellationToken);
    }
}
