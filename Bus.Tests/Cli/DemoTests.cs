using Bus.Tests.Processes;

namespace Bus.Tests.Cli;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_holds_what_it_promises()
    {
        await using var demo = ToolProcess.StartIpcBus("demo", "--file", Path.Combine(AppContext.BaseDirectory, "ipcbus.xml"));
        var code = await demo.ExitAsync(TimeSpan.FromMinutes(2));
        Assert.True(code == 0, demo.Output.Text + demo.Errors.Text);
        Assert.DoesNotContain("FAILED", demo.Output.Text, StringComparison.Ordinal);
    }
}
