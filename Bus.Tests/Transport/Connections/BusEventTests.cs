using System.Threading.Channels;
using Bus.Core.Hosting;
using Bus.Core.Presence;
using Bus.Tests.Client;
using Bus.Tests.Transport.Endpoints;
using Bus.Transport.Client;
using Bus.Transport.Connections;
using Bus.Transport.Endpoints;
using Bus.Transport.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bus.Tests.Transport.Connections;

/// <summary>What a running bus tells the code around it.</summary>
public sealed class BusEventTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly Channel<EventArgs> _events = Channel.CreateUnbounded<EventArgs>();

    private string Url => $"unix://{_scratch.Path}/bus.sock";

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_host_hears_of_the_start_first_of_who_comes_and_leaves_and_of_the_stop_last()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddIpcBus(options => options with { Name = "orders" }).ListenOn(Url);
        using var host = builder.Build();
        var node = host.Services.GetRequiredService<BusNode>();
        Hear(node);
        Assert.Equal(BusNodeState.Starting, node.State);
        Assert.Empty(node.Endpoints);
        await host.StartAsync().Guard();
        Assert.Equal(BusNodeState.Running, node.State);
        Assert.Equal([Url], node.Endpoints);
        var client = await BusClient.ConnectAsync(Url, new BusClientOptions { Name = "till" }).Guard();
        await client.DisposeAsync().AsTask().Guard();

        var started = await NextAsync<BusStartedEventArgs>();
        Assert.Equal(("orders", Url), (started.Name, Assert.Single(started.Endpoints)));
        Assert.Equal("in-process", (await NextAsync<ClientJoinedEventArgs>()).Client.Endpoint);
        var joined = await NextAsync<ClientJoinedEventArgs>();
        Assert.Equal(("till", Url), (joined.Client.Name, joined.Client.Endpoint));
        var left = await NextAsync<ClientLeftEventArgs>();
        Assert.Equal((joined.Client, LeaveReason.Closed), (left.Client, left.Reason));

        await host.StopAsync().Guard();

        // The stop has waited for the handlers: all is here.
        Assert.Equal("orders", (await NextAsync<ClientLeftEventArgs>()).Client.Name);
        Assert.Same(EventArgs.Empty, await NextAsync<EventArgs>());
        Assert.False(_events.Reader.TryRead(out _));
        Assert.Equal(BusNodeState.Stopped, node.State);
    }

    [Fact]
    public async Task A_protocol_error_says_whose_it_is_between_its_join_and_its_leave()
    {
        await using var bus = await ListenAsync();
        using var client = await RawClient.ConnectAsync(bus.Endpoints[0], Connect("a", id: 1));
        await client.SendAsync("NONSENSE\r\n");
        await client.ReadToEndAsync();

        var joined = (await NextAsync<ClientJoinedEventArgs>()).Client;
        var problem = (await NextAsync<ConnectionFailedEventArgs>()).Problem;
        Assert.Equal((ConnectionProblemKind.ProtocolError, "Unknown Protocol Operation", joined, Url), (problem.Kind, problem.Text, problem.Client, problem.Endpoint));
        Assert.Equal(1, problem.ConnectionId);
        Assert.Equal((joined.Uid, joined.Pid), (problem.Uid, problem.Pid));
        var left = await NextAsync<ClientLeftEventArgs>();
        Assert.Equal((joined, LeaveReason.ProtocolError), (left.Client, left.Reason));
    }

    [Fact]
    public async Task One_who_breaks_the_protocol_before_CONNECT_is_known_by_its_process()
    {
        await using var bus = await ListenAsync();
        using var client = await RawClient.ConnectAsync(bus.Endpoints[0], "");
        await client.SendAsync("NONSENSE\r\n");
        await client.ReadToEndAsync();

        var problem = (await NextAsync<ConnectionFailedEventArgs>()).Problem;
        Assert.Equal(ConnectionProblemKind.ProtocolError, problem.Kind);
        Assert.Null(problem.Client);
        if (OperatingSystem.IsLinux()) Assert.Equal(Environment.ProcessId, problem.Pid);
    }

    [Fact]
    public async Task What_one_is_refused_is_told_of_although_its_connection_goes_on()
    {
        await using var bus = await ListenAsync();
        using var client = await RawClient.ConnectAsync(bus.Endpoints[0], Connect("a", id: 1));
        for (var i = 0; i < 3; i++) Assert.StartsWith("-ERR 'Permissions Violation", await client.FlushAsync("PUB $BUS.EVENT.JOIN.me 0\r\n\r\n"), StringComparison.Ordinal);

        await NextAsync<ClientJoinedEventArgs>();
        var problem = (await NextAsync<ConnectionFailedEventArgs>()).Problem;
        Assert.Equal((ConnectionProblemKind.Refused, "Permissions Violation for Publish to \"$BUS.EVENT.JOIN.me\"", "a"), (problem.Kind, problem.Text, problem.Client?.Name));
    }

    [Fact]
    public async Task A_refused_name_says_who_wanted_it()
    {
        await using var bus = await ListenAsync();
        using var holder = await RawClient.ConnectAsync(bus.Endpoints[0], Connect("a", id: 1));
        using var second = await RawClient.ConnectAsync(bus.Endpoints[0], "");
        await second.SendAsync(Connect("a", id: 2) + "\r\n");
        await second.ReadToEndAsync();

        await NextAsync<ClientJoinedEventArgs>();
        var problem = (await NextAsync<ConnectionFailedEventArgs>()).Problem;
        Assert.Equal((ConnectionProblemKind.NameRefused, "a", "2", 2L), (problem.Kind, problem.Client?.Name, problem.Client?.Id, problem.ConnectionId));
        Assert.StartsWith("Client Name Taken: a is ", problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_connection_too_many_is_told_of()
    {
        await using var bus = await ListenAsync(new ConnectionOptions { MaxConnections = 1 });
        using var first = await RawClient.ConnectAsync(bus.Endpoints[0], Connect("a", id: 1));
        using var second = await RawClient.ConnectAsync(bus.Endpoints[0], "");

        await NextAsync<ClientJoinedEventArgs>();
        var problem = (await NextAsync<ConnectionFailedEventArgs>()).Problem;
        Assert.Equal((ConnectionProblemKind.TooManyConnections, Url, null, null), (problem.Kind, problem.Endpoint, problem.ConnectionId, problem.Client));
        if (OperatingSystem.IsLinux()) Assert.Equal(Environment.ProcessId, problem.Pid);
    }

    [Fact]
    public async Task A_slow_consumer_is_told_of_by_name()
    {
        await using var bus = await ListenAsync(new ConnectionOptions { MaxPending = 2 * 1024 * 1024, StallBudget = TimeSpan.Zero, CloseGrace = TimeSpan.FromMilliseconds(1) });
        using var slow = await RawClient.ConnectAsync(bus.Endpoints[0], Connect("slow", id: 1));
        await slow.FlushAsync("SUB a 1\r\n");
        var payload = new byte[256 * 1024];
        for (var i = 0; i < 64; i++) await bus.Node.Bus.PublishAsync("a", payload).AsTask().Guard();

        await NextAsync<ClientJoinedEventArgs>();
        var problem = (await NextAsync<ConnectionFailedEventArgs>()).Problem;
        Assert.Equal((ConnectionProblemKind.SlowConsumer, "slow"), (problem.Kind, problem.Client?.Name));
        Assert.Equal(LeaveReason.SlowConsumer, (await NextAsync<ClientLeftEventArgs>()).Reason);
    }

    [Fact]
    public async Task A_handler_that_throws_is_logged_and_keeps_nobody_from_hearing_more()
    {
        using var log = new LogLines();
        var options = new IpcBusOptions
        {
            Starting = node =>
            {
                node.ClientJoined += (_, _) => throw new InvalidOperationException("my handler");
                Hear(node);
            },
        };
        await using (var node = await BusNode.StartAsync(options, log).Guard())
        {
            await NextAsync<BusStartedEventArgs>();
            await NextAsync<ClientJoinedEventArgs>();
            node.OpenBus(new LocalBusOptions { Name = "b" });
            Assert.Equal("b", (await NextAsync<ClientJoinedEventArgs>()).Client.Name);
        }

        await log.WithAsync("An event handler threw").Guard();
    }

    [Fact]
    public async Task A_bus_that_cannot_start_tells_of_neither_start_nor_stop()
    {
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => BusNode.StartAsync(new IpcBusOptions
        {
            Starting = node =>
            {
                Hear(node);
                throw new InvalidOperationException("not today");
            },
        }).Guard());

        Assert.Equal("not today", failed.Message);
        Assert.False(_events.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Stopping_twice_tells_of_one_stop()
    {
        var bus = await ListenAsync();
        await bus.DisposeAsync().AsTask().Guard();
        await bus.DisposeAsync().AsTask().Guard();

        await NextAsync<ClientLeftEventArgs>();
        Assert.Same(EventArgs.Empty, await NextAsync<EventArgs>());
        Assert.False(_events.Reader.TryRead(out _));
    }

    private static string Connect(string name, int id) => $$$"""CONNECT {"name":"{{{name}}}","headers":true,"verbose":false,"bus":{"id":"{{{id}}}","unique":true}}""";

    /// <summary>A bus whose start and own participant have been heard of.</summary>
    private async Task<BusListener> ListenAsync(ConnectionOptions? connections = null)
    {
        var bus = await BusListener.StartAsync([BusEndpoint.Parse(Url)], new IpcBusOptions { Starting = Hear }, connections).Guard();
        await NextAsync<BusStartedEventArgs>();
        await NextAsync<ClientJoinedEventArgs>();
        return bus;
    }

    private void Hear(BusNode node)
    {
        node.Started += (sender, e) => Heard(sender, e);
        node.Stopped += (sender, e) => Heard(sender, e);
        node.ClientJoined += (sender, e) => Heard(sender, e);
        node.ClientLeft += (sender, e) => Heard(sender, e);
        node.ConnectionFailed += (sender, e) => Heard(sender, e);

        void Heard(object? sender, EventArgs e) => _events.Writer.TryWrite(ReferenceEquals(sender, node) ? e : new UnhandledExceptionEventArgs("wrong sender", isTerminating: false));
    }

    private async Task<T> NextAsync<T>()
        where T : EventArgs => Assert.IsAssignableFrom<T>(await _events.Reader.ReadAsync().AsTask().Guard());
}
