using Bus.Core.Client;
using Bus.Core.Hosting;
using Bus.Tests.Client;
using Bus.Transport.Client;
using Bus.Transport.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bus.Tests.Core.Hosting;

public sealed class HostingTests
{
    [Fact]
    public async Task A_host_has_a_bus_that_services_get_and_that_stops_behind_them()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddIpcBus(options => options with { Name = "orders" });
        builder.Services.AddSingleton<Doubler>().AddHostedService(p => p.GetRequiredService<Doubler>());
        using var host = builder.Build();
        await host.StartAsync().Guard();

        var bus = host.Services.GetRequiredService<IBus>();
        Assert.Equal("orders", bus.Name);
        Assert.Equal(42, await bus.RequestAsync<int, int>("double", 21).Guard());
        await host.StopAsync().Guard();

        Assert.True(host.Services.GetRequiredService<Doubler>().SawOpenBusAtStop);
        Assert.Equal(BusState.Closed, bus.State);
    }

    [Fact]
    public async Task A_handler_that_blocks_its_thread_does_not_keep_the_bus_from_stopping()
    {
        using var release = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var node = await BusNode.StartAsync(new IpcBusOptions { StopTimeout = TimeSpan.FromMilliseconds(100) }).Guard();
        await node.Bus.OpenSubscriptionAsync<string>("a", (_, _) =>
        {
            entered.SetResult();
            release.Wait(CancellationToken.None);
            return default;
        }).Guard();
        await node.Bus.PublishAsync("a", "now");
        await entered.Task.Guard();

        await node.StopAsync().Guard();

        Assert.Equal(BusState.Closed, node.Bus.State);
        release.Set();
    }

    [Fact]
    public async Task A_host_that_listens_is_reached_from_outside()
    {
        var directory = Directory.CreateTempSubdirectory("ipcbus-test-").FullName;
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddIpcBus().ListenOn($"unix://{directory}/bus.sock");
        using var host = builder.Build();
        await host.StartAsync().Guard();

        await using (var client = await BusClient.ConnectAsync($"unix://{directory}/bus.sock").Guard())
        {
            await host.Services.GetRequiredService<IBus>().RespondAsync<string, string>("who", (_, _, _) => new("host"));
            Assert.Equal("host", await client.RequestAsync<string, string>("who", "?").Guard());
        }

        await host.StopAsync().Guard();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Options_are_checked_when_the_host_starts()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddIpcBus(options => options with { PublishWindow = 0 });
        using var host = builder.Build();
        var error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => host.StartAsync().Guard());
        Assert.Contains("PublishWindow", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_lets_the_handlers_finish_what_has_arrived()
    {
        var node = await BusNode.StartAsync().Guard();
        var (seen, release) = (0, new TaskCompletionSource());
        await node.Bus.OpenSubscriptionAsync<int>("n", async (_, _) =>
        {
            await release.Task;
            seen++;
        });
        for (var i = 0; i < 10; i++) await node.Bus.PublishAsync("n", i);
        await node.Bus.FlushAsync().Guard();
        var stopping = node.StopAsync();
        release.SetResult();
        await stopping.Guard();
        Assert.Equal(10, seen);
    }

    private sealed class Doubler(IBus bus) : IHostedService
    {
        public bool SawOpenBusAtStop { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) => bus.RespondAsync<int, int>("double", (n, _, _) => new(n * 2), cancellationToken: cancellationToken);

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            await bus.FlushAsync(cancellationToken);
            SawOpenBusAtStop = bus.State == BusState.Connected;
        }
    }
}
