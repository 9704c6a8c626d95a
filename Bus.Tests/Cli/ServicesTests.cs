using System.Text.Json;
using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Cli;

public sealed class ServicesTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ipcbus-services-");
    private ToolProcess _daemon = null!;
    private IBus _bus = null!;
    private IBusService _service = null!;

    private string Url => $"unix://{Path.Combine(_directory.FullName, "bus.sock")}";

    public async Task InitializeAsync()
    {
        _daemon = ToolProcess.StartIpcBus("serve", "--listen", Url, "--stop-on-eof");
        await _daemon.Output.WaitForAsync("listening on");
        _bus = await BusClient.ConnectAsync(BusEndpoint.Parse(Url), new BusClientOptions { Name = "alice" }).Guard();
        _service = await _bus.ServeAsync(
            "maths",
            s => s
                .Endpoint<int[], int>("add", (numbers, _) => numbers.Sum(), new MethodOptions { Description = "their sum" })
                .Endpoint<int, int>("half", (n, _) => n % 2 == 0 ? n / 2 : throw new RemoteErrorException($"{n} is odd", 422, "odd")),
            new ServiceOptions { Version = "1.2.0", Description = "numbers" }).Guard();
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _bus.DisposeAsync();
        await _daemon.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Methods_are_called_and_what_goes_wrong_is_told_by_its_name()
    {
        Assert.Equal(["6"], await RunAsync(0, "", "call", "maths", "add", "[1,2,3]"));
        Assert.Equal(["6"], await RunAsync(0, "", "call", "maths", "add", "[1,2,3]", "--instance", _service.Id));
        Assert.Contains("\"payload\":\"6\"", Assert.Single(await RunAsync(0, "", "call", "maths", "add", "[1,2,3]", "--json")), StringComparison.Ordinal);
        await RunAsync(1, "3 is odd", "call", "maths", "half", "3");
        await RunAsync(1, "bad-request", "call", "maths", "half", "three");
        await RunAsync(3, "No service 'math' is on the bus: start it, or check the name. There are: maths. (service-not-found)", "call", "math", "add", "[]");
        await RunAsync(3, "The service 'maths' has no method 'ad'. There are: add, half. (method-not-found)", "call", "maths", "ad", "[]");
        await RunAsync(2, "cannot be the name of a service", "call", "maths.add", "x");
    }

    [Fact]
    public async Task Services_are_shown_with_what_they_offer_and_have_done()
    {
        await RunAsync(0, "", "call", "maths", "add", "[]");
        await RunAsync(1, "odd", "call", "maths", "half", "3");

        IReadOnlyList<string> lines = [];
        // On a machine that is busy enough the service may have said nothing when the list is due.
        await Eventually.HoldsAsync(async () => (lines = await RunAsync(0, "", "services"))[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[^4] != "-", () => string.Join('\n', lines));
        Assert.Equal(["SERVICE", "VERSION", "INSTANCE", "CLIENT", "PID", "SINCE", "REQUESTS", "ERRORS", "METHODS"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var row = lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["maths", "1.2.0", _service.Id, "alice", $"{Environment.ProcessId}"], row[..5]);
        Assert.Equal(["2", "1", "add,", "half"], row[^4..]);
        Assert.Single(await RunAsync(0, "", "services", "others"));
        var json = JsonDocument.Parse(Assert.Single(await RunAsync(0, "", "services", "maths", "--json"))).RootElement;
        Assert.Equal("maths.half", json.GetProperty("services")[0].GetProperty("endpoints")[1].GetProperty("topic").GetString());

        var found = await RunAsync(0, "", "discover");
        Assert.Equal(["service maths 1.2.0, 1 instance: numbers", "  add: their sum", "  half"], found.Take(3));
        Assert.StartsWith("client alice (", found[3], StringComparison.Ordinal);
        Assert.Equal("alice", JsonDocument.Parse(Assert.Single(await RunAsync(0, "", "discover", "--json"))).RootElement.GetProperty("clients")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_tap_shows_requests_with_their_answers()
    {
        await using var tap = ToolProcess.StartIpcBus("tap", "maths.*", "news", "--count", "7", "--url", Url);
        await tap.Errors.WaitForAsync("listening in on maths.*, news");

        await RunAsync(0, "", "pub", "news", "hello");
        await RunAsync(0, "", "call", "maths", "add", "[1,2,3]");
        await RunAsync(1, "odd", "call", "maths", "half", "3");
        await RunAsync(0, "", "pub", "other", "not this");
        await RunAsync(0, "", "request", "maths.add", "[4]");

        Assert.Equal(0, await tap.ExitAsync());
        // Without the time of day; an answer and the next request come by two filters, which have no common order.
        var lines = tap.Output.Lines.Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]).ToList();
        Assert.Contains("-- news hello", lines);
        Assert.Contains("-> maths.add #1 [1,2,3]", lines);
        Assert.Contains(lines, line => line.StartsWith("<- maths.add #1 after ", StringComparison.Ordinal) && line.EndsWith(" ms 6", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("<- maths.half #2 after ", StringComparison.Ordinal) && line.EndsWith(" ms error odd: 3 is odd", StringComparison.Ordinal));
        Assert.Contains("-> maths.add #3 [4]", lines);
    }

    private async Task<IReadOnlyList<string>> RunAsync(int code, string error, params string[] arguments)
    {
        await using var process = ToolProcess.StartIpcBus([.. arguments, "--url", Url]);
        Assert.Equal(code, await process.ExitAsync());
        Assert.Contains(error, process.Errors.Text, StringComparison.Ordinal);
        if (error.Length == 0) Assert.Equal("", process.Errors.Text);
        return process.Output.Lines;
    }
}
