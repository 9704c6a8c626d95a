using System.Text.Json;
using Bus.Tests.Interop.Tools;
using Bus.Tests.Processes;
using Bus.Tests.Transport.Connections;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Interop;

/// <summary>Clients that we did not write, in their own runtime, over TCP: the current NATS client for Node and the one before it.</summary>
public sealed class NodeClientTests : IClassFixture<NodeClients>, IAsyncLifetime
{
    private const string Current = "@nats-io/transport-node";
    private const string Older = "nats";

    private readonly TestBus _bus = new();

    public Task InitializeAsync() => _bus.StartAsync();

    public Task DisposeAsync() => _bus.DisposeAsync().AsTask();

    [NodeTheory]
    [InlineData(Current)]
    [InlineData(Older)]
    public async Task Messages_reach_exactly_whom_they_are_for(string package)
    {
        await using var script = Run("topics.mjs", package);

        Assert.Equal("""["orders.created=1","orders.created=grüße"]""", await script.JsonAsync("literal"));
        Assert.Equal("""["orders.eu.shipped=2"]""", await script.JsonAsync("star"));
        Assert.Equal("""["orders.created=1","orders.created=grüße","orders.eu.shipped=2","orders.eu.de.shipped=3"]""", await script.JsonAsync("rest"));
        Assert.Equal("""["limited=0","limited=1"]""", await script.JsonAsync("limited"));
        Assert.Equal("300", await script.JsonAsync("jobs"));
        Assert.Equal("300", await script.JsonAsync("otherGroup"));
        Assert.Equal("[100,100,100]", await script.JsonAsync("shares"));
        Assert.Equal("300", await script.JsonAsync("distinct"));
        Assert.Equal("2", await script.JsonAsync("afterUnsubscribe"));
        Assert.Equal("1000", await script.JsonAsync("drained"));
        Assert.Equal("true", await script.JsonAsync("closed"));
        await script.EndAsync();
    }

    [NodeTheory]
    [InlineData(Current)]
    [InlineData(Older)]
    public async Task Requests_are_answered_or_fail_at_once(string package)
    {
        await using var script = Run("requests.mjs", package);

        Assert.Equal("\"42\"", await script.JsonAsync("single"));
        Assert.Equal("5000", await script.JsonAsync("right"));
        Assert.Equal("\"503\"", await script.JsonAsync("noResponders"));
        Assert.Equal("\"503\"", await script.JsonAsync("noRespondersOldStyle"));
        Assert.Equal("\"8\"", await script.JsonAsync("oldStyle"));
        Assert.Equal("0", await script.JsonAsync("echo"));
        Assert.Equal("\"503\"", await script.JsonAsync("afterClose"));
        await script.EndAsync();
    }

    [NodeTheory]
    [InlineData(Current)]
    [InlineData(Older)]
    public async Task Headers_and_payloads_arrive_as_they_were_sent(string package)
    {
        using var raw = await RawClient.ConnectAsync(_bus.Tcp);
        await raw.FlushAsync("SUB to.raw 1\r\n");
        await using var script = Run("payloads.mjs", package);

        Assert.Equal("""{"headers":true,"proto":1,"max_payload":1048576,"jetstream":false}""", await script.JsonAsync("server"));
        Assert.Equal(
            """[{"trace":["one","two"],"empty":true,"data":"payload"},{"trace":["one","two"],"empty":true,"data":""},{"trace":[],"empty":false,"data":""}]""",
            await script.JsonAsync("self"));

        await script.FactAsync("ready");
        await raw.FlushAsync("HPUB to.node back.to.raw 22 24\r\nNATS/1.0\r\nKey: val\r\n\r\nhi\r\nPUB to.node 4\r\nbare\r\n");
        Assert.Equal("""[{"key":"val","reply":"back.to.raw","data":"hi"},{"key":"","reply":"","data":"bare"}]""", await script.JsonAsync("fromRaw"));
        await raw.TakeUntilAsync("HMSG to.raw 1 answer.here 24 29\r\nNATS/1.0\r\nFrom: node\r\n\r\nhello\r\n");

        Assert.Equal("1048576", await script.JsonAsync("large"));
        Assert.Equal("true", await script.JsonAsync("same"));
        Assert.Equal("true", await script.JsonAsync("tooLarge"));
        Assert.Equal("100", await script.JsonAsync("verbose"));
        await script.EndAsync();
    }

    [NodeTheory]
    [InlineData(Current)]
    [InlineData(Older)]
    public async Task A_client_comes_back_after_the_bus_was_restarted(string package)
    {
        var first = new TestBus();
        await first.StartAsync();
        var port = first.Tcp.Port!.Value;
        await using var script = NodeClients.Run("reconnect.mjs", package, Address(first.Tcp));
        await script.FactAsync("ready");

        await first.DisposeAsync();
        await script.FactAsync("disconnect");
        await using var second = new TestBus { TcpPort = port };
        await second.StartAsync();

        Assert.Equal(JsonValueKind.True, (await script.FactAsync("reconnect")).ValueKind);
        await script.GoOnAsync();
        Assert.Equal("""["before","after"]""", await script.JsonAsync("received"));
        Assert.Equal("\"there?\"", await script.JsonAsync("answer"));
        await script.EndAsync();
    }

    [NodeTheory]
    [InlineData(Current)]
    [InlineData(Older)]
    public async Task The_daemon_serves_it_as_the_bus_in_this_process_does(string package)
    {
        var daemon = new BusDaemon();
        await daemon.InitializeAsync();
        try
        {
            await using var script = NodeClients.Run("requests.mjs", package, Address(BusEndpoint.Parse(daemon.TcpUrl)));
            Assert.Equal("5000", await script.JsonAsync("right"));
            await script.EndAsync();
        }
        finally
        {
            await daemon.DisposeAsync();
        }
    }

    private NodeScript Run(string script, string package) => NodeClients.Run(script, package, Address(_bus.Tcp));

    private static string Address(BusEndpoint endpoint) => $"{endpoint.Host}:{endpoint.Port}";
}
