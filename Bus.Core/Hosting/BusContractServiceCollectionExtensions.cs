using System.Diagnostics.CodeAnalysis;
using Bus.Core.Client;
using Bus.Core.Contracts;
using Bus.Core.Rpc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Bus.Core.Hosting;

/// <summary>Offers and calls contracts in an application with the Generic Host, on the <see cref="IBus"/> of its services: that of <c>AddIpcBus</c>, or a client of another process.</summary>
public static class BusContractServiceCollectionExtensions
{
    /// <summary>
    /// Offers a contract from the start of the host until it stops; then the calls that have arrived are carried out. Call it after <c>AddIpcBus</c>, so that the bus stops later. Called
    /// again, it offers another instance.
    /// </summary>
    /// <typeparam name="TContract">The interface, with <see cref="BusContractAttribute"/>.</typeparam>
    /// <typeparam name="TImplementation">Carries out the calls, many at the same time. A singleton: it is registered unless it is already.</typeparam>
    /// <param name="services">The services of the application.</param>
    /// <param name="options">As <see cref="ContractExtensions.ServeAsync"/> takes them.</param>
    public static IServiceCollection AddBusContract<TContract, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TImplementation>(this IServiceCollection services, ServiceOptions? options = null)
        where TContract : class, IBusContract<TContract>
        where TImplementation : class, TContract
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<TImplementation>();
        return services.AddSingleton<IHostedService>(provider => new ContractHost<TContract>(provider.GetRequiredService<IBus>(), provider.GetRequiredService<TImplementation>(), options));
    }

    /// <summary>Registers a client of a contract as the singleton <typeparamref name="TContract"/>, unless there is one.</summary>
    /// <typeparam name="TContract">The interface, with <see cref="BusContractAttribute"/>.</typeparam>
    /// <param name="services">The services of the application.</param>
    /// <param name="options">As <see cref="ContractExtensions.Contract"/> takes them.</param>
    public static IServiceCollection AddBusContractClient<TContract>(this IServiceCollection services, ServiceCallOptions? options = null)
        where TContract : class, IBusContract<TContract>
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(provider => provider.GetRequiredService<IBus>().Contract<TContract>(options));
        return services;
    }
}
