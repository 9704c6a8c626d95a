using Bus.Akka.Hosting;
using Bus.Core.Client;
using Bus.Core.Hosting;
using Bus.Tests.Client;
using Bus.Tests.Transport.Endpoints;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;
using Bus.Transport.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Bus.Tests.Akka;

/// <summary>The bus in an application with Akka.Hosting.</summary>
public sealed class WithIpcBusTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    private string Url => $"unix://{_scratch.Path}/bus.sock";

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_serves_other_processes_and_the_services_from_the_actor_system_of_the_application(bool servicesFirst)
    {
        using var host = BuildHost(services =>
        {
            if (servicesFirst) services.AddIpcBus();
            AddAkka(services, akka => akka.WithIpcBus(options => options with { Name = "orders" }, bus => bus.ListenOn(Url)));
            if (!servicesFirst) services.AddIpcBus();
        });
        var bus = host.Services.GetRequiredService<IBus>();
        await host.StartAsync().Guard();
        var system = host.Services.GetRequiredService<ActorSystem>();
        Assert.Equal(("app", "orders"), (system.Name, bus.Name));
        Assert.Same(bus, BusNode.For(system)!.Bus);

        await using var client = await BusClient.ConnectAsync(Url).Guard();
        var subscription = await client.OpenSubscriptionAsync<string>("news").Guard();
        await bus.PublishAsync("news", "hello");
        Assert.Equal(["hello"], await subscription.TakeDataAsync(1).Guard());

        await host.StopAsync().Guard();
        Assert.Equal(BusState.Closed, bus.State);
        await system.WhenTerminated.Guard();
    }

    [Fact]
    public async Task It_needs_nothing_else_in_the_services()
    {
        using var host = BuildHost(services => AddAkka(services, akka => akka.WithIpcBus(bus => bus.ListenOn(Url))));
        await host.StartAsync().Guard();

        Assert.Equal("akka://app/user/bus", Path<BusSupervisorKey>(host));
        Assert.Equal("akka://app/user/bus/topics", Path<BusTopicsKey>(host));
        Assert.Equal("akka://app/user/bus/connections", Path<BusConnectionsKey>(host));
        Assert.Equal(HealthStatus.Healthy, await StatusAsync(host));
        await using (var client = await BusClient.ConnectAsync(Url).Guard()) await client.FlushAsync().Guard();
        await host.StopAsync().Guard();
        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync(host));
    }

    [Fact]
    public async Task Actors_that_start_after_it_use_it()
    {
        using var host = BuildHost(services => AddAkka(services, akka => akka
            .WithIpcBus(bus => bus.ListenOn(Url))
            .WithActors((system, registry) => registry.Register<Greeter>(system.ActorOf(Props.Create(() => new Greeter()), "log")))));
        await host.StartAsync().Guard();
        await host.Services.GetRequiredService<IRequiredActor<Greeter>>().ActorRef.Ask<string>("subscribed?", Guarding.Limit).Guard();

        await using var client = await BusClient.ConnectAsync(Url).Guard();
        Assert.Equal("hello, you", await client.RequestAsync<string, string>("greet", "you").Guard());
        await host.StopAsync().Guard();
    }

    [Fact]
    public async Task What_is_called_several_times_and_in_several_places_makes_one_bus()
    {
        var other = $"unix://{_scratch.Path}/other.sock";
        using var host = BuildHost(services =>
        {
            services.AddIpcBus(options => options with { Name = "orders" }).ListenOn(other);
            AddAkka(services, akka => akka.WithIpcBus(options => options with { MaxPayload = 10 }).WithIpcBus(bus => bus.ListenOn(Url)));
        });
        await host.StartAsync().Guard();
        var bus = host.Services.GetRequiredService<IBus>();
        Assert.Equal("orders", bus.Name);
        await Assert.ThrowsAsync<PayloadTooLargeException>(() => bus.PublishAsync("a", new byte[11]).AsTask());

        await using var first = await BusClient.ConnectAsync(Url).Guard();
        await using var second = await BusClient.ConnectAsync(other).Guard();
        await first.RespondAsync<string, string>("who", (_, _, _) => new("first")).Guard();
        Assert.Equal("first", await second.RequestAsync<string, string>("who", "?").Guard());
        await host.StopAsync().Guard();
    }

    [Fact]
    public async Task The_coordinated_shutdown_stops_it_while_all_actors_live_and_then_the_host()
    {
        using var host = BuildHost(services => AddAkka(services, akka => akka.WithIpcBus(bus => bus.ListenOn(Url))));
        await host.StartAsync().Guard();
        var system = host.Services.GetRequiredService<ActorSystem>();
        var bus = BusNode.For(system)!.Bus;
        var stateAtTheEnd = bus.State;
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "test", () =>
        {
            stateAtTheEnd = BusNode.For(system) is null ? bus.State : BusState.Connected;
            return Task.FromResult(Done.Instance);
        });

        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).Guard();
        await host.WaitForShutdownAsync().Guard();

        Assert.Equal(BusState.Closed, stateAtTheEnd);
        Assert.False(File.Exists(_scratch.File("bus.sock")));
    }

    [Fact]
    public async Task A_bus_that_cannot_listen_fails_the_start_of_the_host_with_its_error()
    {
        await File.WriteAllTextAsync(_scratch.File("bus.sock"), "not a socket");
        using var host = BuildHost(services => AddAkka(services, akka => akka.WithIpcBus(bus => bus.ListenOn(Url))));
        var error = await Assert.ThrowsAsync<BusEndpointException>(() => host.StartAsync().Guard());
        Assert.StartsWith($"Cannot listen on {Url}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_actor_system_loses_no_message_to_a_stopping_actor()
    {
        using var host = BuildHost(services => AddAkka(services, akka => akka.WithIpcBus()));
        await host.StartAsync().Guard();
        Assert.Contains("KeepingMailbox", host.Services.GetRequiredService<ActorSystem>().Settings.Config.GetString("akka.actor.default-mailbox.mailbox-type"), StringComparison.Ordinal);
        await host.StopAsync().Guard();
    }

    private static string Path<TKey>(IHost host) => host.Services.GetRequiredService<IRequiredActor<TKey>>().ActorRef.Path.ToString();

    private static async Task<HealthStatus> StatusAsync(IHost host) => (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().Guard()).Status;

    private static void AddAkka(IServiceCollection services, Action<AkkaConfigurationBuilder> configure) => services.AddAkka("app", akka =>
    {
        akka.ConfigureLoggers(loggers => loggers.ClearLoggers()).AddHocon("akka.stdout-loglevel = OFF", HoconAddMode.Prepend);
        configure(akka);
    });

    private static IHost BuildHost(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateApplicationBuilder();
        configure(builder.Services);
        builder.Services.AddHealthChecks().AddIpcBus();
        return builder.Build();
    }

    private sealed class Greeter : ReceiveActor
    {
        public Greeter() => ReceiveAsync<string>(async _ =>
        {
            var sender = Sender;
            await BusNode.For(Context.System)!.Bus.RespondAsync<string, string>("greet", (name, _, _) => new($"hello, {name}"));
            sender.Tell("subscribed", ActorRefs.NoSender);
        });
    }
}
