using Bus.Core.Client;
using Bus.Core.Hosting;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Tests.Transport.Endpoints;
using Bus.Transport.Client;
using Bus.Transport.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bus.Tests.Core.Hosting;

/// <summary>Whoever ends the application, the bus stops in the same order, and once.</summary>
public sealed class ShutdownOrderTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private string Socket => $"{_scratch.Path}/bus.sock";

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task The_coordinated_shutdown_unbinds_then_lets_requests_be_answered_then_stops_the_bus()
    {
        using var host = await StartHostAsync();
        var system = host.Services.GetRequiredService<ActorSystem>();
        var shutdown = CoordinatedShutdown.Get(system);
        var (couldConnect, stoppedBeforeTheSystem) = (false, false);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "test", async () =>
        {
            await using var late = await BusClient.ConnectAsync($"unix://{Socket}");
            couldConnect = true;
            return Done.Instance;
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "test", () =>
        {
            stoppedBeforeTheSystem = BusNode.For(system) is null && !system.WhenTerminated.IsCompleted;
            return Task.FromResult(Done.Instance);
        });

        await StopsInOrderAsync(host, () => shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance));

        Assert.True(couldConnect);
        Assert.True(stoppedBeforeTheSystem);
        await host.StopAsync().Guard();
    }

    [Fact]
    public async Task The_host_stops_the_bus_in_the_same_order()
    {
        using var host = await StartHostAsync();
        var system = host.Services.GetRequiredService<ActorSystem>();
        await StopsInOrderAsync(host, () => host.StopAsync());
        await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClrExitReason.Instance).Guard();
        await system.WhenTerminated.Guard();
    }

    [Fact]
    public async Task Both_at_once_stop_it_once()
    {
        using var host = await StartHostAsync();
        var shutdown = CoordinatedShutdown.Get(host.Services.GetRequiredService<ActorSystem>());
        await StopsInOrderAsync(host, () => Task.WhenAll(shutdown.Run(CoordinatedShutdown.UnknownReason.Instance), host.StopAsync()));
    }

    /// <summary>A request is under way all the while.</summary>
    private async Task StopsInOrderAsync(IHost host, Func<Task> stop)
    {
        var bus = host.Services.GetRequiredService<IBus>();
        await using var client = await BusClient.ConnectAsync($"unix://{Socket}").Guard();
        var answer = client.RequestAsync<string, string>("slow", "?");
        await _entered.Task.Guard();

        var stopping = stop();
        await Eventually.HoldsAsync(() => !File.Exists(Socket), () => "The socket is still there.");
        Assert.False(stopping.IsCompleted);
        Assert.Equal(BusState.Connected, client.State);
        // It may not have come to that yet.
        Assert.True(bus.State is BusState.Connected or BusState.Draining, $"The bus is {bus.State}.");
        _release.SetResult();

        Assert.Equal("done", await answer.Guard());
        await stopping.Guard();
        Assert.Equal(BusState.Closed, bus.State);
        await Assert.ThrowsAsync<BusClosedException>(() => bus.FlushAsync());
        Assert.Throws<BusClosedException>(() => host.Services.GetRequiredService<BusNode>().OpenBus());
    }

    private async Task<IHost> StartHostAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddIpcBus().ListenOn($"unix://{Socket}");
        var host = builder.Build();
        await host.StartAsync().Guard();
        await host.Services.GetRequiredService<IBus>().RespondAsync<string, string>("slow", async (_, _, _) =>
        {
            _entered.SetResult();
            await _release.Task;
            return "done";
        }).Guard();
        return host;
    }
}
