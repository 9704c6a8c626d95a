using Bus.Core.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;

namespace Bus.Tests.EndToEnd;

/// <summary>The programs of examples/quickstart, run as a user would run them.</summary>
public sealed class QuickstartTests(BusDaemon daemon) : IClassFixture<BusDaemon>
{
    [Fact]
    public async Task Publisher_subscriber_and_service_work_together()
    {
        await using var service = Start("Service");
        await using var subscriber = Start("Subscriber");
        await service.Output.WaitForAsync("answering on prices.get");
        await subscriber.Output.WaitForAsync("waiting for orders");

        await using var publisher = Start("Publisher");
        Assert.Equal((0, ""), (await publisher.ExitAsync(), publisher.Errors.Text));
        Assert.Equal(["published 10 orders", "order 42 costs 504.0 with tax"], publisher.Output.Lines);

        Assert.Equal((0, ""), (await subscriber.ExitAsync(), subscriber.Errors.Text));
        Assert.Equal(["waiting for orders", .. Enumerable.Range(1, 10).Select(i => $"orders.created: order {i} over {i * 10}")], subscriber.Output.Lines);
    }

    [Fact]
    public async Task The_others_go_on_when_a_service_is_killed()
    {
        await using var killed = Start("Service");
        await using var other = Start("Service");
        await using var subscriber = Start("Subscriber");
        await killed.Output.WaitForAsync("answering on prices.get");
        await other.Output.WaitForAsync("answering on prices.get");
        await subscriber.Output.WaitForAsync("waiting for orders");
        await using var bus = await BusClient.ConnectAsync(daemon.Url);
        await killed.SignalAsync("KILL");
        // A request that the dead one gets is an error, and not lost; there is none when the bus knows.
        await Eventually.HoldsAsync(async () => (await bus.GetClientsAsync()).All(client => client.Pid != killed.Id), () => "The bus does not notice that a service was killed.");

        await using var publisher = Start("Publisher");
        Assert.Equal((0, ""), (await publisher.ExitAsync(), publisher.Errors.Text));
        Assert.Equal("order 42 costs 504.0 with tax", publisher.Output.Lines[^1]);
        Assert.Equal((0, 11), (await subscriber.ExitAsync(), subscriber.Output.Lines.Length));
        Assert.False(other.HasExited);
    }

    [Fact]
    public async Task Publisher_without_a_service_tells_it_in_a_line()
    {
        // A bus of its own: the other test's service is on the shared one.
        var folder = Directory.CreateTempSubdirectory("ipcbus-quickstart-");
        var url = $"unix://{Path.Combine(folder.FullName, "bus.sock")}";
        await using (var serve = ToolProcess.StartIpcBus("serve", "--listen", url, "--stop-on-eof"))
        {
            await serve.Output.WaitForAsync("listening on");
            await using var publisher = ToolProcess.Start(Path.Combine(AppContext.BaseDirectory, "Quickstart.Publisher"), [url]);
            Assert.Equal(1, await publisher.ExitAsync());
            Assert.Contains("prices.get", Assert.Single(publisher.Errors.Lines), StringComparison.Ordinal);
        }

        folder.Delete(true);
    }

    private ToolProcess Start(string name) => ToolProcess.Start(Path.Combine(AppContext.BaseDirectory, $"Quickstart.{name}"), [daemon.Url]);
}
