using System.Text.Json;
using Bus.Tests.Processes;

namespace Bus.Tests.Cli;

[Collection(nameof(CliCollection))]
public sealed class StatsTests(BusDaemon daemon)
{
    [Fact]
    public async Task Stats_shows_what_the_bus_has()
    {
        await using var table = ToolProcess.StartIpcBus("stats", "--url", daemon.Url);
        Assert.Equal((0, ""), (await table.ExitAsync(), table.Errors.Text));
        Assert.Contains(table.Output.Lines, line => line.StartsWith("process ", StringComparison.Ordinal) && line.EndsWith($" {daemon.Process.Id}", StringComparison.Ordinal));
        Assert.Contains(table.Output.Lines, line => line.StartsWith("memory ", StringComparison.Ordinal));

        await using var json = ToolProcess.StartIpcBus("stats", "--json", "--url", daemon.Url);
        Assert.Equal((0, ""), (await json.ExitAsync(), json.Errors.Text));
        using var document = JsonDocument.Parse(json.Output.Text);
        Assert.True(document.RootElement.GetProperty("connections").GetInt32() >= 1);
    }
}
