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
    /// Registers a bus that starts and stops with the host, and <see cref="IBus"/> as a singleton. Services that are registered after it can use the bus
    /// until they have stopped. The bus lives in the <see cref="ActorSystem"/> of the services; if they have none, it starts one and registers it. Its
    /// actors are found with <see cref="IRequiredActor{TActor}"/> under <see cref="BusSupervisorKey"/> and <see cref="BusTopicsKey"/>. Called again, it
    /// adds to the same bus.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Changes the options: <c>options => options with { Name = "orders" }</c>. They are checked when the host starts.</param>
    public static IpcBusBuilder AddIpcBus(this IServiceCollection services, Func<IpcBusOptions, IpcBusOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var parts = PartsOf(services);
        if (configure is not null) parts.Configure(configure);

        services.TryAddSingleton<BusActorSystem>();
        services.TryAddSingleton(provider => provider.GetRequiredService<BusActorSystem>().System);
        services.TryAddSingleton(provider => ActorRegistry.For(provider.GetRequiredService<ActorSystem>()));
        services.TryAddSingleton<IActorRegistry>(provider => provider.GetRequiredService<ActorRegistry>());
        services.TryAddSingleton<IReadOnlyActorRegistry>(provider => provider.GetRequiredService<ActorRegistry>());
        services.TryAddSingleton(typeof(IRequiredActor<>), typeof(RequiredActor<>));

        services.TryAddSingleton(provider => Options.Create(AllParts(provider).Options(new IpcBusOptions())));
        services.TryAddSingleton(Build);
        services.TryAddSingleton(provider => provider.GetRequiredService<BusNode>().Bus);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, BusHostedService>());
        return new IpcBusBuilder(parts);
    }

    private static BusNode Build(IServiceProvider provider)
    {
        var system = provider.GetRequiredService<ActorSystem>();
        return AllParts(provider).Build(
            provider.GetRequiredService<IOptions<IpcBusOptions>>().Value,
            provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
            system,
            ownsSystem: provider.GetRequiredService<BusActorSystem>().Is(system));
    }

    private static IpcBusParts PartsOf(IServiceCollection services)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(IpcBusParts))?.ImplementationInstance is IpcBusParts known) return known;
        var parts = new IpcBusParts();
        services.AddSingleton(parts);
        return parts;
    }

    /// <summary>Those of the services, and those that came with the actor system.</summary>
    private static IpcBusParts AllParts(IServiceProvider provider)
    {
        var all = new IpcBusParts();
        all.Add(provider.GetRequiredService<IpcBusParts>());
        if (BusSystem.PartsIn(provider.GetRequiredService<ActorSystem>()) is IpcBusParts others) all.Add(others);
        return all;
    }
}
