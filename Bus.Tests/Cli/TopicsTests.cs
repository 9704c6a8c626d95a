using Bus.Tests.Processes;

namespace Bus.Tests.Cli;

public sealed class TopicsTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ipcbus-topics-");

    private string Url => $"unix://{Path.Combine(_directory.FullName, "bus.sock")}";

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Topics_are_declared_shown_and_deleted_and_others_are_refused_if_that_is_asked_for()
    {
        await using var daemon = ToolProcess.StartIpcBus("serve", "--listen", Url, "--stop-on-eof", "--declared-only", "--topic", "news", "--retained-topic", "state.*");
        await daemon.Output.WaitForAsync("listening on");
        await using var sub = ToolProcess.StartIpcBus("sub", "state.a", "--count", "1", "--url", Url);
        await sub.Errors.WaitForAsync("subscribed");

        await RunAsync(0, "", "topics", "create", "orders.*", "work", "--max-subscribers", "2", "--max-payload", "1KiB", "--slow", "drop");
        Assert.Equal(
            [
                "news  0 subscribers",
                "orders.*  0 subscribers  --max-subscribers 2  --max-payload 1KiB  --slow drop",
                "state.*  1 subscriber  --retain",
                "work  0 subscribers  --max-subscribers 2  --max-payload 1KiB  --slow drop",
                "4 declared, at most 10,000; no others can be used",
            ],
            await RunAsync(0, "", "topics"));
        Assert.StartsWith("{\"creation\":\"declared\",\"count\":4,", Assert.Single(await RunAsync(0, "", "topics", "--json")), StringComparison.Ordinal);

        await RunAsync(1, "no such topic", "pub", "ordrs.new", "x");
        await RunAsync(1, "no such topic", "sub", "ordrs.new");
        await RunAsync(1, "no such topic", "request", "ordrs.new", "x");
        await RunAsync(1, "allows 1,024", "pub", "orders.new", new string('x', 1025));
        await RunAsync(0, "", "pub", "orders.new", "x");
        await RunAsync(0, "", "topics", "delete", "orders.*");
        await RunAsync(1, "was started with", "topics", "delete", "news");
        await RunAsync(1, "no such topic", "pub", "orders.new", "x");
        await RunAsync(1, "no topic 'orders.*' is declared", "topics", "delete", "orders.*");
        await RunAsync(1, "declare it ('ipcbus topics create')", "pub", "ordrs.new", "x");
        await RunAsync(1, "with another policy", "topics", "create", "work");
        await RunAsync(1, "ipcbus: declared: 'last'; not declared: 'work'.", "topics", "create", "work", "last");
        await RunAsync(1, "ipcbus: deleted: 'last'; not deleted: 'nope'.", "topics", "delete", "nope", "last");
        await RunAsync(1, "was deleted", "sub", "work", ready: () => RunAsync(0, "", "topics", "delete", "work"));
        await RunAsync(2, "is no action for --slow", "topics", "create", "a", "--slow", "down");

        await RunAsync(0, "", "pub", "state.a", "kept");
        Assert.Equal(0, await sub.ExitAsync());
        Assert.Equal(["kept"], await RunAsync(0, "subscribed", "sub", "state.*", "--count", "1", "--raw"));
    }

    [Fact]
    public async Task Whoever_runs_the_bus_may_keep_the_topics_as_they_are()
    {
        await using var daemon = ToolProcess.StartIpcBus("serve", "--listen", Url, "--stop-on-eof", "--fixed-topics", "--topic", "news");
        await daemon.Output.WaitForAsync("listening on");

        await RunAsync(1, "does not let you declare or delete topics", "topics", "create", ">", "--max-payload", "0");
        await RunAsync(1, "does not let you declare or delete topics", "topics", "delete", "news");

        Assert.Equal(["news  0 subscribers", "1 declared, at most 10,000; others can be used too"], await RunAsync(0, "", "topics"));
    }

    private async Task<IReadOnlyList<string>> RunAsync(int code, string error, string command, params string[] arguments)
    {
        await using var process = ToolProcess.StartIpcBus([command, .. arguments, "--url", Url]);
        Assert.Equal(code, await process.ExitAsync());
        Assert.Contains(error, process.Errors.Text, StringComparison.OrdinalIgnoreCase);
        if (error.Length == 0) Assert.Equal("", process.Errors.Text);
        return process.Output.Lines;
    }

    private async Task RunAsync(int code, string error, string command, string argument, Func<Task> ready)
    {
        await using var process = ToolProcess.StartIpcBus(command, argument, "--url", Url);
        await process.Errors.WaitForAsync("subscribed");
        await ready();
        Assert.Equal(code, await process.ExitAsync());
        Assert.Contains(error, process.Errors.Text, StringComparison.Ordinal);
    }
}
