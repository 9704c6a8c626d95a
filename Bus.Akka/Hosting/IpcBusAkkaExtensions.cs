using System.Runtime.CompilerServices;
using Akka.DependencyInjection;
using Bus.Core;
using Bus.Core.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bus.Akka.Hosting;

/// <summary>Starts a bus inside the actor system of an application that uses Akka.Hosting.</summary>
public static class IpcBusAkkaExtensions
{
    private static readonly ConditionalWeakTable<AkkaConfigurationBuilder, IpcBusParts> Known = [];

    /// <summary>
    /// Starts a bus with the actor system, before the actors that are started after it, and stops it in the phases of the coordinated shutdown:
    /// <c>akka.WithIpcBus(bus => bus.ListenOn("unix:///run/user/1000/orders.sock"))</c>. Called again, it adds to the same bus.
    /// </summary>
    /// <remarks>
    /// Its actors are found with <see cref="IRequiredActor{TActor}"/> under <see cref="BusSupervisorKey"/>, <see cref="BusTopicsKey"/> and
    /// <c>BusConnectionsKey</c>; the bus itself with <see cref="BusNode.For"/>. For <c>IBus</c> in the services add <c>services.AddIpcBus()</c>: what
    /// is called there and what is called here make one bus.
    /// </remarks>
    /// <param name="builder">What <c>services.AddAkka</c> passes on.</param>
    /// <param name="bus">Adds listeners to the bus.</param>
    public static AkkaConfigurationBuilder WithIpcBus(this AkkaConfigurationBuilder builder, Action<IpcBusBuilder> bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        return builder.WithIpcBus(static options => options, bus);
    }

    /// <inheritdoc cref="WithIpcBus(AkkaConfigurationBuilder, Action{IpcBusBuilder})" path="/summary" />
    /// <inheritdoc cref="WithIpcBus(AkkaConfigurationBuilder, Action{IpcBusBuilder})" path="/remarks" />
    /// <param name="builder">What <c>services.AddAkka</c> passes on.</param>
    /// <param name="options">Changes the options: <c>options => options with { Name = "orders" }</c>. They are checked at the start. Default: no change.</param>
    /// <param name="bus">Adds listeners to the bus. Default: it is for this process only.</param>
    public static AkkaConfigurationBuilder WithIpcBus(this AkkaConfigurationBuilder builder, Func<IpcBusOptions, IpcBusOptions>? options = null, Action<IpcBusBuilder>? bus = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var parts = Known.GetValue(builder, Add);
        if (options is not null) parts.Configure(options);
        bus?.Invoke(new IpcBusBuilder(parts));
        return builder;
    }

    private static IpcBusParts Add(AkkaConfigurationBuilder builder)
    {
        var parts = new IpcBusParts();
        // With the actor system, so that a bus that the services build first, for somebody who wants an IBus, is made of the same.
        builder.AddSetup(new BusSetup(parts));
        builder.AddHocon(IpcBusConfig.Default, HoconAddMode.Append);
        builder.StartActors(async (system, _, resolver) => await Node(parts, system, resolver).StartAsync(CancellationToken.None));
        return parts;
    }

    private static BusNode Node(IpcBusParts parts, ActorSystem system, IDependencyResolver resolver) =>
        resolver.GetService<BusNode>() as BusNode
        ?? parts.Build(parts.Options(new IpcBusOptions()), resolver.GetService<ILoggerFactory>() as ILoggerFactory ?? NullLoggerFactory.Instance, system, ownsSystem: false);
}
