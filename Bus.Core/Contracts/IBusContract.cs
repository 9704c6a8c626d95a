using Bus.Core.Client;
using Bus.Core.Rpc;

namespace Bus.Core.Contracts;

/// <summary>An interface that is the contract of a service. It is implemented by the source generator, for interfaces with <see cref="BusContractAttribute"/>.</summary>
/// <typeparam name="TSelf">The interface itself.</typeparam>
public interface IBusContract<TSelf>
    where TSelf : class, IBusContract<TSelf>
{
    /// <summary>What the attribute says.</summary>
    static abstract ContractDescription Contract { get; }

    /// <summary>Makes a client: its methods call the service.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="options">How each method is called.</param>
    static abstract TSelf Connect(IBus bus, ServiceCallOptions options);

    /// <summary>Adds a method for each of the interface.</summary>
    /// <param name="service">Where to.</param>
    /// <param name="implementation">Carries out the calls.</param>
    static abstract void Offer(ServiceBuilder service, TSelf implementation);
}

/// <summary>What a contract says of its service.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Version">Its version. Null: the contract does not say.</param>
/// <param name="Description">What it is for. May be empty.</param>
public sealed record ContractDescription(string Service, string? Version, string Description);
