using System.Text.Json;
using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Tests.Client;
using Bus.Tests.Interop.Tools;
using Bus.Tests.Processes;
using Bus.Tests.Transport.Connections;
using Bus.Transport.Client;

namespace Bus.Tests.Interop;

/// <summary>Services and their callers, one side with the package that NATS has for them in Node, the other with ours.</summary>
public sealed class NodeServiceTests : IClassFixture<NodeClients>, IAsyncLifetime
{
    private readonly TestBus _bus = new();

    public Task InitializeAsync() => _bus.StartAsync();

    public Task DisposeAsync() => _bus.DisposeAsync().AsTask();

    [NodeTheory]
    [InlineData("@nats-io/transport-node")]
    public async Task It_finds_a_service_of_ours_and_calls_it_and_sees_it_die(string package)
    {
        using var hanging = new SemaphoreSlim(0);
        await using var server = await BusClient.ConnectAsync(_bus.Unix);
        await using var service = await server.ServeAsync("maths", s => s
            .Endpoint<int[], int>("add", (numbers, _) => numbers.Length > 0 ? numbers.Sum() : throw new InvalidOperationException("nothing to add"), new MethodOptions { Description = "the sum" })
            .Endpoint<int[], int>("refuse", (numbers, _) => numbers.Length > 0 ? 0 : throw new RemoteErrorException("never", 418, "no-tea"))
            .Endpoint<int, int>("hang", async (_, context) =>
            {
                hanging.Release();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
                return 0;
            }), new ServiceOptions { Version = "2.0.0", Description = "numbers", Metadata = new Dictionary<string, string> { ["language"] = "C#" } }).Guard();
        await using var script = Run("find-service.mjs", package);

        Assert.Equal($$$"""{"type":"io.nats.micro.v1.ping_response","name":"maths","id":"{{{service.Id}}}","version":"2.0.0","metadata":{"language":"C#"}}""", Sorted(await script.FactAsync("ping"), "type", "name", "id", "version", "metadata"));
        var info = await script.FactAsync("info");
        Assert.Equal("io.nats.micro.v1.info_response", info.GetProperty("type").GetString());
        Assert.Equal("numbers", info.GetProperty("description").GetString());
        Assert.Equal("""{"name":"add","subject":"maths.add","queue_group":"q","metadata":{"description":"the sum"}}""", Sorted(info.GetProperty("endpoints")[0], "name", "subject", "queue_group", "metadata"));
        Assert.Equal("6", await script.JsonAsync("sum"));
        Assert.Equal("""{"code":500,"text":"nothing to add","name":"handler-failed"}""", await script.JsonAsync("thrown"));
        Assert.Equal("""{"code":418,"text":"never","name":"no-tea"}""", await script.JsonAsync("refused"));
        Assert.Equal("\"bad-request\"", await script.JsonAsync("unreadable"));
        Assert.Equal("9", await script.JsonAsync("alone"));
        Assert.Equal("true", await script.JsonAsync("started"));
        var stats = await script.FactAsync("stats");
        Assert.Equal(["add 4 2", "refuse 1 1", "hang 0 0"], stats.EnumerateArray().Select(e => $"{e.GetProperty("name").GetString()} {e.GetProperty("num_requests")} {e.GetProperty("num_errors")}"));
        Assert.Equal(("never", ""), (stats[1].GetProperty("last_error").GetString(), stats[2].GetProperty("last_error").GetString()));

        Assert.Equal("""[6,"method-not-found","service-not-found"]""", await script.JsonAsync("relayed"));
        for (var calls = 0; calls < 2; calls++) await hanging.WaitAsync().Guard();
        await server.AbortAsync();
        Assert.Equal("\"503\"", await script.JsonAsync("lost"));
        Assert.Equal("\"responder-lost\"", await script.JsonAsync("relayed-lost"));
        await script.GoOnAsync();
        Assert.Equal("\"503\"", await script.JsonAsync("gone"));
        await script.EndAsync();
    }

    [NodeTheory]
    [InlineData("@nats-io/transport-node")]
    public async Task Ours_find_a_service_of_its_and_call_it_and_see_it_die(string package)
    {
        await using var bus = await BusClient.ConnectAsync(_bus.Unix);
        await using var events = bus.WatchServicesAsync().GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();
        await bus.FlushAsync().Guard();
        await using var script = Run("offer-service.mjs", package);
        var id = (await script.FactAsync("id")).GetString()!;
        Assert.True(await next.Guard());
        Assert.Equal((true, "maths", id), (events.Current.IsUp, events.Current.Service.Name, events.Current.Service.Id));
        Assert.StartsWith("client-", events.Current.Service.Client, StringComparison.Ordinal);

        Assert.Equal(6, await bus.CallAsync<int[], int>("maths", "add", [1, 2, 3]).Guard());
        var thrown = await Assert.ThrowsAsync<RemoteErrorException>(() => bus.CallAsync<int[], int>("maths", "add", []).Guard());
        Assert.Equal((409, "nothing to add"), (thrown.Code, thrown.Text));
        var refused = await Assert.ThrowsAsync<RemoteErrorException>(() => bus.CallAsync<int[], int>("maths", "add", [1]).Guard());
        Assert.Equal((422, "one number is no sum"), (refused.Code, refused.Text));
        // On a topic that only the service itself tells; once found it is known.
        Assert.Equal(-7, await bus.CallAsync<int, int>("maths", "negate", 7).Guard());
        Assert.Equal(-8, await bus.CallAsync<int, int>("maths", "negate", 8).Guard());
        foreach (var n in (int[])[1, 2, 3]) Assert.Equal(n, await bus.CallAsync<int, int>("maths", "hang", n).Guard());
        var unknown = await Assert.ThrowsAsync<MethodNotFoundException>(() => bus.CallAsync<int, int>("maths", "divide", 1).Guard());
        Assert.Equal(["add", "hang", "negate"], unknown.Available);
        Assert.Equal(BusErrors.NoResponders, (await Assert.ThrowsAsync<NoRespondersException>(() => bus.CallAsync<int[], int>("maths", "add", [1, 2], new ServiceCallOptions { Instance = id }).Guard())).Error);

        var found = Assert.Single(await bus.GetServicesAsync().Guard());
        Assert.Equal(("maths", id, "1.2.3", "numbers", "JavaScript"), (found.Name, found.Id, found.Version, found.Description, found.Metadata!["language"]));
        Assert.Equal(
            [("add", "maths.add", "q", 3L, 1L, "nothing to add"), ("negate", "numbers.negated", "q", 2L, 0L, null), ("hang", "maths.hang", "q", 3L, 0L, null)],
            found.Endpoints.Select(e => (e.Name, e.Topic, e.Queue!, e.Requests, e.Errors, e.LastError)));
        await using (var services = ToolProcess.StartIpcBus("services", "--url", _bus.Unix.ToString()))
        {
            Assert.Equal(0, await services.ExitAsync());
            Assert.Matches($@"maths +1\.2\.3 +{id} +client-.* 8 +1 +add, negate, hang", services.Output.Lines[1]);
        }

        // It is killed with a call that it has not answered.
        var lost = bus.CallAsync<int, int>("maths", "hang", 0, new ServiceCallOptions { Timeout = Timeout.InfiniteTimeSpan });
        await script.FactAsync("hanging");
        await script.DisposeAsync();
        await Assert.ThrowsAsync<ResponderLostException>(() => lost.Guard());
        Assert.True(await events.MoveNextAsync().AsTask().Guard());
        Assert.Equal((false, id), (events.Current.IsUp, events.Current.Service.Id));
        await Assert.ThrowsAsync<ServiceNotFoundException>(() => bus.CallAsync<int, int>("maths", "negate", 9).Guard());
    }

    [NodeTheory]
    [InlineData("@nats-io/transport-node")]
    public async Task Instances_of_both_share_the_calls_and_one_that_stops_takes_no_more(string package)
    {
        await using var bus = await BusClient.ConnectAsync(_bus.Unix);
        await using var script = Run("offer-service.mjs", package);
        await script.FactAsync("id");
        await using var ours = await bus.ServeAsync("maths", s => s.Endpoint<int[], int>("add", (numbers, _) => numbers.Sum())).Guard();

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 200).Select(n => bus.CallAsync<int[], int>("maths", "add", [n, 1, 0]))).Guard(), (sum, n) => Assert.Equal(n + 1, sum));
        Assert.InRange(ours.GetStatus().Methods[0].Requests, 1, 199);
        await script.GoOnAsync();
        await script.FactAsync("stopped");
        Assert.Equal(ours.Id, Assert.Single(await bus.GetServicesAsync("maths").Guard()).Id);
        var before = ours.GetStatus().Methods[0].Requests;
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 50).Select(n => bus.CallAsync<int[], int>("maths", "add", [n, 1, 0]))).Guard(), (sum, n) => Assert.Equal(n + 1, sum));
        await Eventually.HoldsAsync(() => ours.GetStatus().Methods[0].Requests == before + 50, () => "Not all of the calls went to the instance that is left.");
        await script.GoOnAsync();
        await script.EndAsync();
    }

    private NodeScript Run(string script, string package) => NodeClients.Run(script, package, $"{_bus.Tcp.Host}:{_bus.Tcp.Port}");

    /// <summary>The properties in this order, without others.</summary>
    private static string Sorted(JsonElement element, params string[] names) => $"{{{string.Join(',', names.Select(name => $"\"{name}\":{element.GetProperty(name).GetRawText()}"))}}}";
}
