using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Hosting;

namespace Bus.Tests.Client;

public sealed class RetainedLimitTests
{
    private static readonly PublishOptions Retain = new() { Retain = true };

    [Fact]
    public async Task What_is_beyond_the_number_of_values_is_refused_and_not_published_and_those_that_are_there_can_change()
    {
        await using var node = await BusNode.StartAsync(new IpcBusOptions { Retained = new RetainedOptions { MaxValues = 2 } });
        await using var subscription = await node.Bus.OpenSubscriptionAsync<string>("*").Guard();
        await node.Bus.PublishAsync("a", "1", Retain);
        await node.Bus.PublishAsync("b", "1", Retain);

        var error = await Assert.ThrowsAsync<BusRefusedException>(async () => await node.Bus.PublishAsync("c", "1", Retain));
        Assert.Contains("'c'", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 topics already", error.Message, StringComparison.Ordinal);
        await node.Bus.PublishAsync("a", "2", Retain);
        await node.Bus.ClearRetainedAsync("b").Guard();
        await node.Bus.PublishAsync("c", "3", Retain);

        Assert.Equal(["1", "1", "2", "", "3"], await subscription.TakeDataAsync(5));
        var list = await node.Bus.ListRetainedAsync().Guard();
        Assert.Equal((2, 2, 1L), (list.Count, list.MaxValues, list.Refused));
    }

    [Fact]
    public async Task What_is_beyond_the_bytes_is_refused_and_the_value_before_it_stays()
    {
        await using var node = await BusNode.StartAsync(new IpcBusOptions { Retained = new RetainedOptions { MaxBytes = 1000 } });
        await node.Bus.PublishAsync("a", new byte[500], Retain);
        await Assert.ThrowsAsync<BusRefusedException>(async () => await node.Bus.PublishAsync("b", new byte[500], Retain));
        await Assert.ThrowsAsync<BusRefusedException>(async () => await node.Bus.PublishAsync("a", new byte[1000], Retain));
        await node.Bus.PublishAsync("a", new byte[600], Retain);
        Assert.Equal(600, Assert.Single((await node.Bus.ListRetainedAsync().Guard()).Values).Size);
    }

    [Fact]
    public async Task Far_more_than_a_subscription_buffers_arrives_whole()
    {
        await using var node = await BusNode.StartAsync();
        for (var i = 0; i < 3000; i++) await node.Bus.PublishAsync($"many.{i}", i, Retain);
        await using var late = await node.Bus.OpenSubscriptionAsync<int>("many.*").Guard();
        Assert.Equal(Enumerable.Range(0, 3000), await late.TakeDataAsync(3000));
    }
}
