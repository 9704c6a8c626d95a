using Bus.Tests.Processes;

namespace Bus.Tests.Cli;

public sealed class WaitTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ipcbus-test-");

    private string Url => $"unix://{Path.Combine(_directory.FullName, "bus.sock")}";

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Clients_wait_for_a_bus_that_is_started_later()
    {
        await using var sub = ToolProcess.StartIpcBus("sub", "wait.test", "--count", "1", "--wait", "1m", "--url", Url);
        await using var info = ToolProcess.StartIpcBus("info", "--wait", "1m", "--url", Url);
        await using var impatient = ToolProcess.StartIpcBus("pub", "wait.test", "early", "--url", Url);
        Assert.Equal(1, await impatient.ExitAsync());

        await using var serve = ToolProcess.StartIpcBus("serve", "--listen", Url, "--stop-on-eof");

        await sub.Errors.WaitForAsync("subscribed");
        await using var pub = ToolProcess.StartIpcBus("pub", "wait.test", "hello", "--wait", "1m", "--url", Url);
        Assert.Equal((0, 0, 0), (await pub.ExitAsync(), await sub.ExitAsync(), await info.ExitAsync()));
        Assert.Contains("hello", sub.Output.Text, StringComparison.Ordinal);
        Assert.Contains("server_id", info.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task They_give_up_when_they_have_waited_long_enough()
    {
        await using var pub = ToolProcess.StartIpcBus("pub", "wait.test", "x", "--wait", "300ms", "--url", Url);
        Assert.Equal(1, await pub.ExitAsync());
        Assert.Contains("It was waited for 0.3 s.", pub.Errors.Text, StringComparison.Ordinal);
    }
}
