using Microsoft.Extensions.DependencyInjection;

namespace Bus.Core.Hosting;

/// <summary>What <c>AddIpcBus</c> returns: extensions add listeners and more to the bus.</summary>
/// <param name="services">The services that the bus is registered in.</param>
public sealed class IpcBusBuilder(IServiceCollection services)
{
    /// <summary>The services that the bus is registered in.</summary>
    public IServiceCollection Services { get; } = services;
}
