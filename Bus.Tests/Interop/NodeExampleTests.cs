using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Tests.Client;
using Bus.Tests.Interop.Tools;
using Bus.Tests.Processes;
using Bus.Transport.Client;

namespace Bus.Tests.Interop;

/// <summary>The scripts of examples/node-client, copied beside the packages and run as a user would run them.</summary>
public sealed class NodeExampleTests : IClassFixture<NodeClients>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ipcbus-node-");

    private string Lines => Path.Combine(_folder.FullName, "bus.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [ToolFact("node")]
    public async Task A_script_without_a_package_is_killed_and_the_others_go_on_also_with_another_daemon()
    {
        await using var daemon = new RestartingDaemon("--listen", $"json+unix://{Lines}");
        await daemon.StartAsync();
        await daemon.Process.Output.WaitForAsync("listening on json+unix:");
        await using var subscriber = Start("subscribe.mjs", "orders.>", Server(daemon));
        await subscriber.Output.WaitForAsync("subscribed to orders.>");
        await using var lines = Start("lines.cjs", Lines);
        await lines.Output.WaitForAsync("data: { number: 1 }");
        await subscriber.Output.WaitForAsync("""orders.new: {"number":1}""");

        await using var bus = await BusClient.ConnectAsync(daemon.Unix);
        await bus.PublishAsync("orders.created", "hello, Node");
        await lines.Output.WaitForAsync("text: 'hello, Node'");
        await lines.SignalAsync("KILL");
        await lines.ExitAsync();
        await bus.PublishAsync("orders.more", "still there?");
        await subscriber.Output.WaitForAsync("orders.more: still there?");

        var back = bus.NextAsync(BusState.Connected);
        await daemon.KillAsync();
        await daemon.StartAsync();
        await back;
        await Eventually.HoldsAsync(async () => (await bus.PublishConfirmedAsync("orders.again", "hello again")).Reached > 0, () => $"The subscriber does not come back: {subscriber.Errors.Text}");
        await subscriber.Output.WaitForAsync("orders.again: hello again");
    }

    [ToolFact("node")]
    public async Task Requests_go_both_ways_and_whoever_asks_a_service_that_is_killed_hears_of_it()
    {
        await using var daemon = new RestartingDaemon();
        await daemon.StartAsync();
        await using var reply = ToolProcess.StartIpcBus("reply", "upper", "--exec", "tr a-z A-Z", "--url", daemon.Unix);
        await reply.Errors.WaitForAsync("upper");
        await using var request = Start("request.mjs", "upper", "hello from Node", Server(daemon));
        Assert.Equal((0, "HELLO FROM NODE\n", ""), (await request.ExitAsync(), request.Output.Text, request.Errors.Text));

        await using var service = Start("service.mjs", Server(daemon));
        await service.Output.WaitForAsync("offering words.count");
        await using var call = ToolProcess.StartIpcBus("call", "words", "count", "one two  three", "--url", daemon.Unix);
        Assert.Equal((0, "3\n"), (await call.ExitAsync(), call.Output.Text));
        await using var bus = await BusClient.ConnectAsync(daemon.Unix);
        Assert.Equal(2, await bus.CallAsync<string, int>("words", "count", "one two").Guard());

        await service.FreezeAsync();
        var lost = bus.CallAsync<string, int>("words", "count", "one", new ServiceCallOptions { Timeout = Timeout.InfiniteTimeSpan });
        // It has been passed on, and the frozen script cannot answer.
        await bus.FlushAsync().Guard();
        await service.SignalAsync("KILL");
        await Assert.ThrowsAsync<ResponderLostException>(() => lost.Guard());
        await Assert.ThrowsAsync<ServiceNotFoundException>(() => bus.CallAsync<string, int>("words", "count", "one").Guard());
        await using var again = Start("request.mjs", "upper", "still there", Server(daemon));
        Assert.Equal((0, "STILL THERE\n"), (await again.ExitAsync(), again.Output.Text));
    }

    private static string Server(RestartingDaemon daemon) => daemon.Tcp["tcp://".Length..];

    private static ToolProcess Start(string script, params string[] arguments) =>
        ToolProcess.Start(Tool.Require("node", "install Node.js 20 or later"), [Path.Combine(NodeClients.Folder, "examples", script), .. arguments], directory: NodeClients.Folder);
}
