using System.Collections.Concurrent;
using Bus.Core.Hosting;
using Bus.Tests.Client;

namespace Bus.Tests.Core.Hosting;

/// <summary>The event for what is logged.</summary>
public sealed class LoggedEventTests
{
    /// <summary>No logger is there at all, and a handler throws: all the others hear of everything, from the start to the stop.</summary>
    [Fact]
    public async Task All_that_is_logged_is_told_whatever_the_loggers_are_set_to()
    {
        var told = new ConcurrentQueue<BusLoggedEventArgs>();
        var node = await BusNode.StartAsync(new IpcBusOptions
        {
            Name = "orders",
            Starting = bus =>
            {
                bus.Logged += (_, _) => throw new InvalidOperationException("a handler of events");
                bus.Logged += (_, e) => told.Enqueue(e);
            },
        }).Guard();
        await node.OpenBus(new LocalBusOptions { Name = "alice" }).DisposeAsync();

        await node.StopAsync().Guard();

        Assert.Contains(told, e => e.Text == "Bus 'orders' started." && e.Id.Id == 1000 && e.Category.Contains("BusNode", StringComparison.Ordinal));
        Assert.Contains(told, e => e.Text.StartsWith("alice joined: ", StringComparison.Ordinal));
        Assert.Contains(told, e => e.Text == "alice left: Closed");
        Assert.DoesNotContain(told, e => e.Text.Contains("event handler threw", StringComparison.Ordinal));
    }
}
