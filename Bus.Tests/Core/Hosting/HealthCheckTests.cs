using Bus.Core.Hosting;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Tests.Transport.Endpoints;
using Bus.Transport.Client;
using Bus.Transport.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Bus.Tests.Core.Hosting;

public sealed class HealthCheckTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    private string Url => $"unix://{_scratch.Path}/bus.sock";

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_running_bus_is_healthy_and_counts_what_it_has()
    {
        using var host = BuildHost(bus => bus.ListenOn(Url));
        await host.StartAsync().Guard();
        await using var client = await BusClient.ConnectAsync(Url).Guard();
        await client.OpenSubscriptionAsync<string>("a.>").Guard();

        var entry = await CheckAsync(host);
        Assert.Equal((HealthStatus.Healthy, "Bus 'ipcbus' runs."), (entry.Status, entry.Description));
        Assert.Equal(1, entry.Data["connections"]);
        Assert.True((int)entry.Data["topics"] >= 2, "an inbox of this process and the subscription");
        await host.StopAsync().Guard();
    }

    [Fact]
    public async Task A_bus_is_unhealthy_before_it_has_started_and_when_it_stops()
    {
        using var host = BuildHost(bus => bus.ListenOn(Url));
        var before = await CheckAsync(host);
        await host.StartAsync().Guard();
        await host.StopAsync().Guard();
        var after = await CheckAsync(host);

        Assert.Equal((HealthStatus.Unhealthy, "Bus 'ipcbus' has not started yet."), (before.Status, before.Description));
        Assert.Equal((HealthStatus.Unhealthy, "Bus 'ipcbus' is stopping or has stopped."), (after.Status, after.Description));
    }

    [Fact]
    public async Task A_part_that_does_not_answer_is_named()
    {
        var deaf = new Deaf();
        using var host = BuildHost(bus => bus.Parts.Add(() => deaf), TimeSpan.FromMilliseconds(50));
        await host.StartAsync().Guard();
        deaf.Actor = host.Services.GetRequiredService<ActorSystem>().ActorOf(Props.Create(() => new Silent()), "silent");

        var entry = await CheckAsync(host);
        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Contains("/user/silent did not answer within 0.05 s", entry.Description, StringComparison.Ordinal);
        await host.StopAsync().Guard();
    }

    [Fact]
    public async Task A_listener_that_accepts_nobody_degrades_the_bus()
    {
        using var host = BuildHost(bus => bus.ListenOn(Url));
        await host.StartAsync().Guard();
        await host.Services.GetRequiredService<BusNode>().Components[0].StopAcceptingAsync().Guard();

        HealthReportEntry entry = default;
        await Eventually.HoldsAsync(async () => (entry = await CheckAsync(host)).Status != HealthStatus.Healthy, () => "The bus is still healthy.");
        Assert.Equal((HealthStatus.Degraded, $"Bus 'ipcbus': /user/bus/connections says that it does not accept connections on {Url}."), (entry.Status, entry.Description));
        await host.StopAsync().Guard();
    }

    [Fact]
    public async Task Cancelling_a_check_ends_it()
    {
        var deaf = new Deaf();
        using var host = BuildHost(bus => bus.Parts.Add(() => deaf), TimeSpan.FromDays(1));
        await host.StartAsync().Guard();
        deaf.Actor = host.Services.GetRequiredService<ActorSystem>().ActorOf(Props.Create(() => new Silent()));
        using var cancellation = new CancellationTokenSource();

        var check = host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => check.Guard());
        await host.StopAsync().Guard();
    }

    [Fact]
    public void A_limit_of_nothing_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceCollection().AddHealthChecks().AddIpcBus(timeout: TimeSpan.Zero));

    private static async Task<HealthReportEntry> CheckAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().Guard()).Entries["ipcbus"];

    private static IHost BuildHost(Action<IpcBusBuilder> configure, TimeSpan? timeout = null)
    {
        var builder = Host.CreateApplicationBuilder();
        configure(builder.Services.AddIpcBus());
        builder.Services.AddHealthChecks().AddIpcBus(timeout: timeout);
        return builder.Build();
    }

    private sealed class Deaf : IBusComponent
    {
        public IActorRef Actor { get; set; } = ActorRefs.Nobody;

        public IReadOnlyList<string> Endpoints => [];

        public Task StartAsync(BusNode node, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAcceptingAsync() => Task.CompletedTask;

        public Task StopAsync() => Task.CompletedTask;
    }

    private sealed class Silent : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            // Says nothing.
        }
    }
}
