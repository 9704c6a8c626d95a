using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;

namespace Bus.Tests.Cli;

[Collection(nameof(CliCollection))]
public sealed class PingTests(BusDaemon daemon)
{
    [Fact]
    public async Task Ping_all_shows_the_round_trip_to_everybody_and_who_does_not_answer()
    {
        await using var bus = await BusClient.ConnectAsync(daemon.Url, new BusClientOptions { Name = "ping-test" }).Guard();
        await using var frozen = ToolProcess.StartIpcBus("inbox", "ping-frozen", "--url", daemon.TcpUrl);
        await frozen.Errors.WaitForAsync("subscribed");
        await using var all = ToolProcess.StartIpcBus("ping", "--all", "--timeout", "1m", "--url", daemon.Url);
        Assert.Equal((0, ""), (await all.ExitAsync(), all.Errors.Text));
        Assert.Matches(@"^ping-test +\d+\.\d{3} ms$", Assert.Single(all.Output.Lines, l => l.StartsWith("ping-test ", StringComparison.Ordinal)));

        await frozen.SignalAsync("STOP");

        await using var some = ToolProcess.StartIpcBus("ping", "--all", "--timeout", "1s", "--url", daemon.Url);
        Assert.Equal((4, ""), (await some.ExitAsync(), some.Errors.Text));
        Assert.EndsWith("no answer", Assert.Single(some.Output.Lines, l => l.StartsWith("ping-frozen ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }
}
