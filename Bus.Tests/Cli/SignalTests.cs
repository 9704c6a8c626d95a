using Bus.Tests.Processes;

namespace Bus.Tests.Cli;

[Collection(nameof(CliCollection))]
public sealed class SignalTests(BusDaemon daemon) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ipcbus-signals-");

    public void Dispose() => _folder.Delete(true);

    [Theory]
    [InlineData("")]
    [InlineData("--raw")]
    public async Task A_command_whose_output_nobody_takes_can_be_interrupted(string format)
    {
        var topic = $"stuck{format.Length}";
        // A pipe that is full from the start, and that the command itself keeps open for reading.
        var line = $"mkfifo full && exec 3<>full && head -c 65536 /dev/zero >&3 && exec '{ToolProcess.IpcBus}' sub {topic} {format} --url '{daemon.Url}' >&3";
        await using var sub = ToolProcess.Start("/bin/sh", ["-c", line], directory: _folder.FullName);
        await sub.Errors.WaitForAsync("subscribed to");
        await using var pub = ToolProcess.StartIpcBus("pub", topic, "x", "--url", daemon.Url);
        Assert.Equal(0, await pub.ExitAsync());

        Assert.Equal(await sub.InterruptAsync(), await sub.ExitAsync());
        Assert.Contains("what reads the output takes nothing", sub.Errors.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ping_ends_when_its_reader_does()
    {
        await using var shell = ToolProcess.Start("/bin/sh", ["-c", $"'{ToolProcess.IpcBus}' ping --count 100000000 --url '{daemon.Url}' | head -n 1"]);
        Assert.Equal((0, ""), (await shell.ExitAsync(), shell.Errors.Text));
        Assert.Single(shell.Output.Lines);
    }

    [Fact]
    public async Task A_signal_that_comes_twice_is_one()
    {
        var socket = Path.Combine(_folder.FullName, "bus.sock");
        await using var serve = ToolProcess.StartIpcBus("serve", "--listen", $"unix://{socket}", "--stop-on-eof");
        await serve.Output.WaitForAsync("listening on");
        // As timeout(1) does it: to its child, then to its group. Two different ones, since the same could become one on the way.
        await using var kill = ToolProcess.Start("/bin/sh", ["-c", $"kill -TERM {serve.Id}; kill -HUP {serve.Id}"]);
        Assert.Equal(0, await serve.ExitAsync());
        Assert.False(File.Exists(socket));
    }
}
