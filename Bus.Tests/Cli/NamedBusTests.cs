using Bus.Tests.Processes;

namespace Bus.Tests.Cli;

/// <summary>Buses that are told by name: pipes, sockets in the user's directory.</summary>
public sealed class NamedBusTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ipcbus-named-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("pipe://orders", "pipe://orders", "orders.pipe")]
    [InlineData("shop/orders", "unix://{0}/shop@orders.sock", "shop@orders.sock")]
    public async Task Everything_meets_under_a_name(string name, string url, string file)
    {
        await using var daemon = await ServeAsync(name);
        Assert.Equal($"listening on {string.Format(null, url, _directory.FullName)}", daemon.Output.Lines[0]);
        Assert.Equal((UnixFileMode)0x180, File.GetUnixFileMode(Path.Combine(_directory.FullName, file)));

        await using var sub = Start("sub", "a", "--count", "1", "--raw", "--url", name);
        await sub.Errors.WaitForAsync("subscribed");
        await using var reply = Start("reply", "echo", "--url", name);
        await reply.Errors.WaitForAsync("replying on");
        await using (var pub = Start("pub", "a", "hello", "--url", name)) Assert.Equal(0, await pub.ExitAsync());
        Assert.Equal(0, await sub.ExitAsync());
        Assert.Equal("hello\n", sub.Output.Text);
        await using var request = Start("request", "echo", "what", "--url", name);
        Assert.Equal(0, await request.ExitAsync());
        Assert.Contains("what", request.Output.Text, StringComparison.Ordinal);
        await using var info = Start("info", "--url", name);
        Assert.Equal(0, await info.ExitAsync());

        await using var second = Start("serve", "--listen", name);
        Assert.Equal(1, await second.ExitAsync());
        Assert.Contains("the address is in use", second.Errors.Text, StringComparison.Ordinal);

        await daemon.SignalAsync("TERM");
        Assert.Equal(0, await daemon.ExitAsync());
        Assert.Equal("", daemon.Errors.Text);
        Assert.Equal([$"{file}.lock"], _directory.GetFileSystemInfos().Select(entry => entry.Name));
    }

    [Theory]
    [InlineData("pipe://orders")]
    [InlineData("orders")]
    public async Task A_killed_daemon_leaves_nothing_in_the_way_of_the_next(string name)
    {
        await using (var killed = await ServeAsync(name))
        {
            await killed.SignalAsync("KILL");
            await killed.ExitAsync();
        }

        await using var daemon = await ServeAsync(name);
        await using var ping = Start("ping", "--count", "1", "--url", name);
        Assert.Equal(0, await ping.ExitAsync());
    }

    [Fact]
    public async Task The_environment_may_hold_a_name()
    {
        await using var daemon = await ServeAsync("default", ("IPCBUS_URL", "pipe://orders"));
        await using var ping = Start("ping", "--count", "1", "--url", "pipe://orders");
        Assert.Equal(0, await ping.ExitAsync());
    }

    [Theory]
    [InlineData("../orders", "the domain '..' begins with '.'")]
    [InlineData("pipe://a/b/c", "more than one slash")]
    public async Task A_wrong_name_is_a_usage_error(string name, string error)
    {
        await using var tool = Start("serve", "--listen", name);
        Assert.Equal(2, await tool.ExitAsync());
        Assert.Contains(error, tool.Errors.Text, StringComparison.Ordinal);
    }

    private async Task<ToolProcess> ServeAsync(string name, params (string Name, string Value)[] environment)
    {
        var daemon = ToolProcess.Start(ToolProcess.IpcBus, ["serve", "--listen", name, "--stop-on-eof"], Environment(environment));
        await daemon.Output.WaitForAsync("listening on");
        return daemon;
    }

    private ToolProcess Start(params string[] arguments) => ToolProcess.Start(ToolProcess.IpcBus, arguments, Environment());

    private Dictionary<string, string> Environment(params (string Name, string Value)[] more) =>
        new(more.Select(variable => KeyValuePair.Create(variable.Name, variable.Value))) { ["IPCBUS_DIR"] = _directory.FullName };
}
