using Bus.Core.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Bus.Core.Hosting;

/// <summary>Adds a bus to an application with the Generic Host.</summary>
public static class IpcBusServiceCollectionExtensions
{
    /// <summary>
    /// Registers a bus that starts and stops with the host, and <see cref="IBus"/> as a singleton. Services that are
    /// registered after it can use the bus until they have stopped.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Changes the options: <c>options => options with { Name = "orders" }</c>. They are checked when the host starts.</param>
    public static IpcBusBuilder AddIpcBus(this IServiceCollection services, Func<IpcBusOptions, IpcBusOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(_ => Options.Create(configure is null ? new IpcBusOptions() : configure(new IpcBusOptions())));
        services.TryAddSingleton(provider => new BusNode(
            provider.GetRequiredService<IOptions<IpcBusOptions>>().Value,
            provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
            [.. provider.GetServices<IBusComponent>()]));
        services.TryAddSingleton(provider => provider.GetRequiredService<BusNode>().Bus);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, BusHostedService>());
        return new IpcBusBuilder(services);
    }
}
