using System.Text.Json;
using Bus.Tests.Processes;

namespace Bus.Tests.Cli;

[Collection(nameof(CliCollection))]
public sealed class WatchTests(BusDaemon daemon)
{
    [Fact]
    public async Task Watch_presence_shows_who_comes_and_who_goes()
    {
        await using var watch = ToolProcess.StartIpcBus("watch", "presence", "--url", daemon.Url);
        await watch.Errors.WaitForAsync("watching");
        await using var json = ToolProcess.StartIpcBus("watch", "presence", "--json", "--url", daemon.Url);
        await json.Errors.WaitForAsync("watching");

        await using var guest = ToolProcess.StartIpcBus("inbox", "cli-watched", "--url", daemon.Url);
        Assert.Contains($" + cli-watched process {guest.Id} (ipcbus inbox) on {daemon.Url}", await watch.Output.WaitForAsync("+ cli-watched"), StringComparison.Ordinal);
        await guest.Errors.WaitForAsync("subscribed");
        await guest.InterruptAsync();
        Assert.Contains($" - cli-watched process {guest.Id} (ipcbus inbox): closed", await watch.Output.WaitForAsync("- cli-watched"), StringComparison.Ordinal);

        using var left = JsonDocument.Parse(await json.Output.WaitForAsync("\"kind\":\"leave\",\"reason\":\"closed\",\"client\":{\"name\":\"cli-watched\""));
        Assert.Equal(guest.Id, left.RootElement.GetProperty("client").GetProperty("pid").GetInt32());
        await watch.InterruptAsync();
        Assert.Equal(0, await watch.ExitAsync());
    }
}
