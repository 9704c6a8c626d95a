using Bus.Tests.Processes;

namespace Bus.Tests.Cli;

public sealed class ServeTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ipcbus-serve-");

    private string Socket => Path.Combine(_directory.FullName, "bus.sock");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_signal_ends_the_daemon_cleanly_and_removes_its_socket(bool interrupt)
    {
        await using var daemon = await ServeAsync();
        await using var sub = ToolProcess.StartIpcBus("sub", "a", "--url", $"unix://{Socket}");
        await sub.Errors.WaitForAsync("subscribed");
        if (interrupt) await daemon.InterruptAsync();
        else await daemon.SignalAsync("TERM");
        Assert.Equal(0, await daemon.ExitAsync());
        Assert.Equal("", daemon.Errors.Text);
        Assert.False(File.Exists(Socket));
        await sub.Errors.WaitForAsync("lost the connection");
    }

    [Fact]
    public async Task The_end_of_stdin_ends_a_daemon_that_was_told_so()
    {
        await using var daemon = await ServeAsync("--stop-on-eof");
        daemon.CloseInput();
        Assert.Equal(0, await daemon.ExitAsync());
    }

    [Fact]
    public async Task A_second_daemon_on_the_same_socket_is_told_that_it_is_in_use_and_the_first_goes_on()
    {
        await using var first = await ServeAsync();
        await using var second = ToolProcess.StartIpcBus("serve", "--listen", $"unix://{Socket}");
        Assert.Equal(1, await second.ExitAsync());
        Assert.Contains(Socket, second.Errors.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Errors.Text, StringComparison.Ordinal);
        await using var ping = ToolProcess.StartIpcBus("ping", "--count", "1", "--url", $"unix://{Socket}");
        Assert.Equal(0, await ping.ExitAsync());
    }

    private async Task<ToolProcess> ServeAsync(params string[] options)
    {
        var daemon = ToolProcess.StartIpcBus(["serve", "--listen", $"unix://{Socket}", .. options]);
        await daemon.Output.WaitForAsync("listening on");
        return daemon;
    }
}
