using Bus.Core.Client;
using Bus.Core.Contracts;
using Bus.Core.Hosting;
using Bus.Core.Rpc;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;
using Bus.Transport.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bus.Tests.Contracts;

/// <summary>Contracts in an application with a host.</summary>
public sealed class ContractHostTests
{
    [Fact]
    public async Task A_host_offers_a_contract_and_has_a_client_of_it()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddIpcBus();
        builder.Services.AddBusContract<IUsers, Users>(new ServiceOptions { Description = "of the host" }).AddBusContractClient<IUsers>();
        using var host = builder.Build();
        await host.StartAsync().Guard();

        var users = host.Services.GetRequiredService<IUsers>();
        await users.AddAsync(new User(4, "Grace")).Guard();
        // It is the one that the services have.
        Assert.Equal(4, await host.Services.GetRequiredService<Users>().CountAsync().Guard());
        var service = Assert.Single(await host.Services.GetRequiredService<IBus>().GetServicesAsync().Guard());
        Assert.Equal(("users", "1.2.3", "of the host"), (service.Name, service.Version, service.Description));
        await host.StopAsync().Guard();
    }

    [Fact]
    public async Task What_has_arrived_when_the_host_stops_is_carried_out()
    {
        var work = new Work();
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddIpcBus();
        builder.Services.AddSingleton(work).AddBusContract<IWork, Work>().AddBusContractClient<IWork>();
        using var host = builder.Build();
        await host.StartAsync().Guard();
        var bus = host.Services.GetRequiredService<IBus>();
        var call = host.Services.GetRequiredService<IWork>().DoAsync();
        await work.Begun.Task.Guard();

        var stop = host.StopAsync();
        await Eventually.HoldsAsync(async () => (await bus.GetServicesAsync().Guard()).Count == 0, () => "The service is still offered.");
        work.End.SetResult(7);

        Assert.Equal(7, await call.Guard());
        await stop.Guard();
    }

    [Fact]
    public async Task A_host_that_waits_no_longer_cancels_what_is_carried_out_and_stops()
    {
        var work = new Work();
        await using var server = await OtherHosts.StartAsync();
        using var host = server.Host(services => services.AddSingleton(work).AddBusContract<IWork, Work>());
        await host.StartAsync().Guard();
        // With a bus of its own, which does not close with the host.
        var call = server.Caller.Contract<IWork>().DoAsync();
        await work.Begun.Task.Guard();

        using var end = new CancellationTokenSource();
        var stop = host.StopAsync(end.Token);
        await end.CancelAsync();

        Assert.Equal(BusErrors.Cancelled, (await Assert.ThrowsAnyAsync<BusException>(() => call.Guard())).Error);
        await stop.Guard();
    }

    [Fact]
    public async Task Hosts_of_other_processes_offer_and_call_by_a_client_of_the_bus()
    {
        await using var bus = await OtherHosts.StartAsync();
        using var server = bus.Host(services => services.AddBusContract<IUsers, Users>());
        using var caller = bus.Host(services => services.AddBusContractClient<IUsers>(new ServiceCallOptions { Timeout = TimeSpan.FromHours(1) }));
        await server.StartAsync().Guard();
        await caller.StartAsync().Guard();

        Assert.Equal(3, await caller.Services.GetRequiredService<IUsers>().CountAsync().Guard());
        await server.StopAsync().Guard();
        await Assert.ThrowsAsync<ServiceNotFoundException>(() => caller.Services.GetRequiredService<IUsers>().CountAsync().Guard());
        await caller.StopAsync().Guard();
    }

    /// <summary>A bus, and hosts that are clients of it.</summary>
    private sealed class OtherHosts(DirectoryInfo directory, BusListener listener, IBus caller) : IAsyncDisposable
    {
        private readonly List<IBus> _clients = [caller];

        public IBus Caller => caller;

        public static async Task<OtherHosts> StartAsync()
        {
            var directory = Directory.CreateTempSubdirectory("ipcbus-test-");
            var listener = await BusListener.StartAsync([BusEndpoint.Parse($"unix://{directory.FullName}/bus.sock")]).Guard();
            return new OtherHosts(directory, listener, await BusClient.ConnectAsync(listener.Endpoints[0]).Guard());
        }

        public IHost Host(Action<IServiceCollection> configure)
        {
            var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
            var client = BusClient.Open(listener.Endpoints[0]);
            _clients.Add(client);
            builder.Services.AddSingleton(client);
            configure(builder.Services);
            return builder.Build();
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var client in _clients) await client.DisposeAsync().AsTask().Guard();
            await listener.DisposeAsync();
            directory.Delete(recursive: true);
        }
    }

    private sealed class Work : IWork
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<int> End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<int> DoAsync()
        {
            Begun.SetResult();
            return End.Task;
        }
    }
}

[BusContract("work")]
internal partial interface IWork
{
    [BusMethod(TimeoutMs = 3_600_000)]
    Task<int> DoAsync();
}
