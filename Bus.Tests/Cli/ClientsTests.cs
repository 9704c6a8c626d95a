using System.Text.Json;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;

namespace Bus.Tests.Cli;

[Collection(nameof(CliCollection))]
public sealed class ClientsTests(BusDaemon daemon)
{
    [Fact]
    public async Task Clients_shows_everybody_with_the_process_that_the_kernel_knows()
    {
        await using var bus = await BusClient.ConnectAsync(daemon.Url, new BusClientOptions { Name = "clients-test" }).Guard();
        await using var sub = ToolProcess.StartIpcBus("sub", "clients.test", "--url", daemon.Url);
        await sub.Errors.WaitForAsync("subscribed");

        await using var table = ToolProcess.StartIpcBus("clients", "--url", daemon.Url);
        Assert.Equal((0, ""), (await table.ExitAsync(), table.Errors.Text));
        Assert.StartsWith("NAME", table.Output.Lines[0], StringComparison.Ordinal);
        Assert.Contains($" {Environment.ProcessId} ", Assert.Single(table.Output.Lines, l => l.StartsWith("clients-test ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains($"-{sub.Id}-", Assert.Single(table.Output.Lines, l => l.StartsWith("ipcbus-sub-", StringComparison.Ordinal) && l.Contains($" {sub.Id} ", StringComparison.Ordinal)), StringComparison.Ordinal);

        await using var json = ToolProcess.StartIpcBus("clients", "--json", "--url", daemon.Url);
        Assert.Equal((0, ""), (await json.ExitAsync(), json.Errors.Text));
        using var document = JsonDocument.Parse(json.Output.Text);
        Assert.Contains(document.RootElement.GetProperty("clients").EnumerateArray(), c => c.GetProperty("name").GetString() == "clients-test" && c.GetProperty("pid").GetInt32() == Environment.ProcessId);
    }
}
