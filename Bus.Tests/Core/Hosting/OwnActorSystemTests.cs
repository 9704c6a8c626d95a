using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Hosting;
using Bus.Tests.Client;
using Bus.Tests.Transport.Endpoints;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;
using Bus.Transport.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bus.Tests.Core.Hosting;

/// <summary>A bus and the actors of an application in one actor system.</summary>
public sealed class OwnActorSystemTests : IAsyncLifetime
{
    private readonly ActorSystem _system = BusSystem.Create("app");
    private readonly ScratchDirectory _scratch = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _system.Terminate();
        _scratch.Dispose();
    }

    [Fact]
    public async Task A_bus_lives_in_the_actor_system_of_the_services_and_does_not_end_it()
    {
        using var host = BuildHost(services => services.AddSingleton(_system).AddIpcBus());
        await host.StartAsync().Guard();
        var supervisor = host.Services.GetRequiredService<IRequiredActor<BusSupervisorKey>>().ActorRef;
        Assert.Equal("akka://app/user/bus", supervisor.Path.ToString());
        Assert.Same(host.Services.GetRequiredService<IBus>(), BusNode.For(_system)!.Bus);

        await host.StopAsync().Guard();

        Assert.Null(BusNode.For(_system));
        Assert.False(_system.WhenTerminated.IsCompleted);
        var ended = new TaskCompletionSource();
        _system.ActorOf(Props.Create(() => new EndWatcher(supervisor, ended)));
        await ended.Task.Guard();
    }

    [Fact]
    public async Task Without_one_the_services_get_that_of_the_bus()
    {
        using var host = BuildHost(services => services.AddIpcBus());
        await host.StartAsync().Guard();
        var system = host.Services.GetRequiredService<ActorSystem>();
        var echo = system.ActorOf(Props.Create(() => new Echo()), "log");
        host.Services.GetRequiredService<IActorRegistry>().Register<Echo>(echo);

        Assert.Equal("hello", await host.Services.GetRequiredService<IRequiredActor<Echo>>().ActorRef.Ask<string>("hello", Guarding.Limit).Guard());
        Assert.Equal("/user/bus/topics", host.Services.GetRequiredService<IRequiredActor<BusTopicsKey>>().ActorRef.Path.ToStringWithoutAddress());
        await host.StopAsync().Guard();
        await system.WhenTerminated.Guard();
    }

    [Fact]
    public async Task A_bus_that_cannot_listen_fails_the_start_and_leaves_the_actor_system_to_the_application()
    {
        var url = $"unix://{_scratch.Path}/taken";
        await File.WriteAllTextAsync(_scratch.Path + "/taken", "not a socket");
        using var host = BuildHost(services => services.AddSingleton(_system).AddIpcBus().ListenOn(url));
        var error = await Assert.ThrowsAsync<BusEndpointException>(() => host.StartAsync().Guard());
        Assert.Contains(url, error.Message, StringComparison.Ordinal);

        Assert.False(_system.WhenTerminated.IsCompleted);
        await using var next = await BusNode.StartAsync(_system).Guard();
        await next.Bus.FlushAsync().Guard();
    }

    [Fact]
    public async Task An_actor_system_has_one_bus_at_a_time()
    {
        await using (var first = await BusNode.StartAsync(_system, new IpcBusOptions { Name = "first" }).Guard())
        {
            var error = await Assert.ThrowsAsync<InvalidOperationException>(() => BusNode.StartAsync(_system, new IpcBusOptions { Name = "second" }));
            Assert.Equal("Bus 'second' cannot start: another bus runs in the actor system 'app', and there can be one. Give it an actor system of its own, or listen on more endpoints with the one that runs.", error.Message);
            await first.Bus.FlushAsync().Guard();
        }

        await using var third = await BusNode.StartAsync(_system).Guard();
        Assert.Same(third.Supervisor, await ActorRegistry.For(_system).GetAsync<BusSupervisorKey>());
    }

    [Fact]
    public async Task An_actor_with_the_name_of_the_bus_is_in_its_way()
    {
        var actor = _system.ActorOf(Props.Create(() => new Echo()), "bus");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => BusNode.StartAsync(_system));
        Assert.Contains("/user/bus", error.Message, StringComparison.Ordinal);

        Assert.Null(BusNode.For(_system));
        Assert.Equal("here", await actor.Ask<string>("here", Guarding.Limit).Guard());
    }

    [Fact]
    public async Task Adding_a_bus_twice_adds_to_one_bus()
    {
        using var host = BuildHost(services =>
        {
            services.AddIpcBus(options => options with { Name = "orders" });
            services.AddIpcBus(options => options with { MaxPayload = 10 });
        });
        await host.StartAsync().Guard();
        var bus = host.Services.GetRequiredService<IBus>();
        Assert.Equal("orders", bus.Name);
        await Assert.ThrowsAsync<PayloadTooLargeException>(() => bus.PublishAsync("a", new byte[11]).AsTask());
        await host.StopAsync().Guard();
    }

    [Fact]
    public async Task A_bus_listens_several_times_with_limits_of_their_own()
    {
        var (all, one) = ($"unix://{_scratch.Path}/all.sock", $"unix://{_scratch.Path}/one.sock");
        using var host = BuildHost(services => services.AddIpcBus().ListenOn(all).ListenOn(one, new() { MaxConnections = 1 }));
        await host.StartAsync().Guard();

        await using var first = await BusClient.ConnectAsync(one).Guard();
        await using var second = await BusClient.ConnectAsync(all).Guard();
        await using var third = await BusClient.ConnectAsync(all).Guard();
        await Assert.ThrowsAsync<BusConnectException>(() => BusClient.ConnectAsync(one).Guard());
        await first.RespondAsync<string, string>("who", (_, _, _) => new("first")).Guard();
        Assert.Equal("first", await second.RequestAsync<string, string>("who", "?").Guard());
        Assert.Equal("/user/bus/connections", host.Services.GetRequiredService<IRequiredActor<BusConnectionsKey>>().ActorRef.Path.ToStringWithoutAddress());

        await host.StopAsync().Guard();
        Assert.Empty(Directory.GetFiles(_scratch.Path, "*.sock"));
    }

    private static IHost BuildHost(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateApplicationBuilder();
        configure(builder.Services);
        return builder.Build();
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }

    private sealed class EndWatcher(IActorRef watched, TaskCompletionSource ended) : UntypedActor
    {
        protected override void PreStart() => Context.Watch(watched);

        protected override void OnReceive(object message) => ended.SetResult();
    }
}
