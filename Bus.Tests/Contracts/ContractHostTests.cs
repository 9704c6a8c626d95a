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
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddIpcBus();
        builder.Services.AddSingleton(work).AddBusContract<IWork, Work>().AddBusContractClient<IWork>();
        using var host = builder.Build();
        await host.StartAsync().Guard();
        var call = host.Services.GetRequiredService<IWork>().DoAsync();
        await work.Begun.Task.Guard();

        using var end = new CancellationTokenSource();
        var stop = host.StopAsync(end.Token);
        await end.CancelAsync();

        // The caller's bus closes with the host too, perhaps before the answer is there.
        Assert.Contains((await Assert.ThrowsAnyAsync<BusException>(() => call.Guard())).Error, new[] { BusErrors.Cancelled, BusErrors.Closed });
        await stop.Guard();
    }

    [Fact]
    public async Task Hosts_of_other_processes_offer_and_call_by_a_client_of_the_bus()
    {
        var directory = Directory.CreateTempSubdirectory("ipcbus-test-");
        await using var listener = await BusListener.StartAsync([BusEndpoint.Parse($"unix://{directory.FullName}/bus.sock")]).Guard();
        using var server = Client(listener.Endpoints[0], services => services.AddBusContract<IUsers, Users>());
        using var caller = Client(listener.Endpoints[0], services => services.AddBusContractClient<IUsers>(new ServiceCallOptions { Timeout = TimeSpan.FromHours(1) }));
        await server.StartAsync().Guard();
        await caller.StartAsync().Guard();

        Assert.Equal(3, await caller.Services.GetRequiredService<IUsers>().CountAsync().Guard());
        await server.StopAsync().Guard();
        await Assert.ThrowsAsync<ServiceNotFoundException>(() => caller.Services.GetRequiredService<IUsers>().CountAsync().Guard());
        await caller.StopAsync().Guard();
        foreach (var host in (IHost[])[server, caller]) await host.Services.GetRequiredService<IBus>().DisposeAsync().AsTask().Guard();
        directory.Delete(recursive: true);

        static IHost Client(BusEndpoint url, Action<IServiceCollection> configure)
        {
            var builder = Host.CreateApplicationBuilder();
            builder.Services.AddSingleton<IBus>(_ => BusClient.Open(url));
            configure(builder.Services);
            return builder.Build();
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
