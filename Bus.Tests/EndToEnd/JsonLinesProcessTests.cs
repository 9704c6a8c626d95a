using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Tests.Interop.Tools;
using Bus.Tests.Processes;

namespace Bus.Tests.EndToEnd;

/// <summary>Programs that know nothing of the bus but its lines, each in its own process, against a real daemon.</summary>
public sealed class JsonLinesProcessTests : IAsyncLifetime
{
    // The five lines of the README.
    private const string Node = """
        const bus = require("net").connect(process.argv[1]);
        const say = line => bus.write(JSON.stringify(line) + "\n");
        require("readline").createInterface({ input: bus }).on("line", line => console.log(JSON.parse(line)));
        say({ op: "sub", topic: "orders.>", id: 1 });
        say({ op: "pub", topic: "orders.new", data: { number: 1 } });
        """;

    private const string Python = """
        import json, socket, sys
        bus = socket.socket(socket.AF_UNIX); bus.connect(sys.argv[1]); lines = bus.makefile("rw", encoding="utf-8")
        def say(**line): lines.write(json.dumps(line) + "\n"); lines.flush()
        say(op="connect", name="worker"); say(op="sub", topic="double", id=1)
        for line in map(json.loads, lines):
            if line["op"] == "ok": print("ready", flush=True)
            if line["op"] == "msg": say(op="reply", to=line["reply"], data=line["data"] * 2)
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ipcbus-test-");
    private ToolProcess? _daemon;

    private string Path => System.IO.Path.Combine(_folder.FullName, "json.sock");

    private string Url => $"unix://{System.IO.Path.Combine(_folder.FullName, "bus.sock")}";

    public async Task InitializeAsync()
    {
        _daemon = ToolProcess.StartIpcBus("serve", "--listen", Url, "--listen", $"json+unix://{Path}", "--listen", "json+tcp://127.0.0.1:0", "--stop-on-eof");
        await _daemon.Output.WaitForAsync($"listening on json+unix://{Path}");
        Assert.Matches("listening on json\\+tcp://127.0.0.1:[1-9]", await _daemon.Output.WaitForAsync("json+tcp"));
    }

    public async Task DisposeAsync()
    {
        if (_daemon is not null) await _daemon.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [ToolFact("node")]
    public async Task Five_lines_of_node_take_part()
    {
        await using var node = ToolProcess.Start(Tool.Require("node", "install Node"), ["-e", Node, Path]);
        await node.Output.WaitForAsync("{ op: 'ok', id: 1, sub: 'orders.>' }");
        await node.Output.WaitForAsync("data: { number: 1 }");
        await using var pub = ToolProcess.StartIpcBus("pub", "orders.created", "hello", "--url", Url);
        Assert.Equal(0, await pub.ExitAsync());
        await node.Output.WaitForAsync("text: 'hello'");
    }

    [ToolFact("python3")]
    public async Task A_responder_in_python_is_killed_and_who_asks_hears_of_it()
    {
        await using var worker = ToolProcess.Start(Tool.Require("python3", "install Python"), ["-c", Python, Path]);
        await worker.Output.WaitForAsync("ready");
        await using var request = ToolProcess.StartIpcBus("request", "double", "21", "--url", Url);
        Assert.Equal((0, "42\n"), (await request.ExitAsync(), request.Output.Text));

        await using var bus = await Bus.Transport.Client.BusClient.ConnectAsync(Url);
        var clients = await bus.GetClientsAsync();
        var client = Assert.Single(clients, client => client.Name == "worker");
        Assert.Equal(($"json+unix://{Path}", (int?)worker.Id), (client.Endpoint, client.Pid));
        await worker.FreezeAsync();
        var asking = bus.RequestAsync<int, int>("double", 1, TimeSpan.FromSeconds(60));
        await bus.FlushAsync();
        await worker.SignalAsync("KILL");
        await Assert.ThrowsAsync<ResponderLostException>(() => asking.Guard());
    }

    [ToolFact("nc")]
    public async Task A_line_of_shell_takes_part()
    {
        await using var bus = await Bus.Transport.Client.BusClient.ConnectAsync(Url);
        await using var heard = await bus.OpenSubscriptionAsync<string>("orders.*");
        await using var pub = Shell($"echo '{{\"op\":\"pub\",\"topic\":\"orders.new\",\"data\":1,\"id\":7}}' | nc -NU {Path}");
        Assert.Equal((0, "{\"op\":\"ok\",\"id\":7,\"reached\":1}\n"), (await pub.ExitAsync(), pub.Output.Text));
        Assert.Equal(["1"], await heard.TakeDataAsync(1));
        await using var ask = Shell($"printf '{{\"op\":\"request\",\"topic\":\"none\"}}' | nc -NU {Path}");
        Assert.Equal((0, "{\"op\":\"error\",\"error\":{\"code\":\"no-responders\",\"message\":\"Nobody responds on 'none'.\"}}\n"), (await ask.ExitAsync(), ask.Output.Text));
        await using var sub = ToolProcess.Start("/bin/sh", ["-c", $"nc -U {Path}"]);
        await sub.WriteAsync("{\"op\":\"sub\",\"topic\":\"orders.*\",\"max\":1,\"id\":1}\n");
        await sub.Output.WaitForAsync("\"ok\"");
        await bus.PublishAsync("orders.x", "hi");
        Assert.Equal("{\"op\":\"msg\",\"sub\":\"orders.*\",\"topic\":\"orders.x\",\"text\":\"hi\"}", await sub.Output.WaitForAsync("msg"));
    }

    private static ToolProcess Shell(string line) => ToolProcess.Start("/bin/sh", ["-c", line]);
}
