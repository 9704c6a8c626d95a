using Bus.Core.Client;
using Bus.Core.Hosting;
using Bus.Transport.Client;

namespace Bus.Tests.Client;

/// <summary>The timeout that the requests of a bus have when they name none.</summary>
public sealed class RequestTimeoutTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(40);

    [Fact]
    public async Task It_is_an_option_of_the_bus_in_this_process()
    {
        await using var node = await BusNode.StartAsync(new IpcBusOptions { RequestTimeout = Short });
        await TimesOutAsync(node.Bus);
    }

    [Fact]
    public async Task It_is_an_option_of_a_client()
    {
        await using var server = new RestartingUnixBus();
        await server.StartAsync();
        await using var bus = await server.ConnectAsync(new BusClientOptions { RequestTimeout = Short });
        await TimesOutAsync(bus);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(90_000_000)]
    public async Task One_that_makes_no_sense_is_refused_where_it_is_given(int milliseconds)
    {
        var timeout = TimeSpan.FromMilliseconds(milliseconds);
        Assert.Throws<ArgumentOutOfRangeException>(() => new IpcBusOptions { RequestTimeout = timeout }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => new BusClientOptions { RequestTimeout = timeout }.Validate());
        await using var node = await BusNode.StartAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => node.Bus.RequestAsync<int, int>("x", 1, timeout));
        Assert.Throws<ArgumentOutOfRangeException>(() => node.Bus.OpenTopicRef<int>("x", new TopicRefOptions { Timeout = timeout }));
    }

    private static async Task TimesOutAsync(IBus bus)
    {
        await bus.OpenSubscriptionAsync<int>("silent", (_, _) => default);
        var error = await Assert.ThrowsAsync<RequestTimeoutException>(() => bus.RequestAsync<int, int>("silent", 1).Guard());
        Assert.Equal(Short, error.Timeout);
        error = await Assert.ThrowsAsync<RequestTimeoutException>(() => bus.RequestMessageAsync<int, int>("silent", 1, new RequestOptions { Timeout = Short * 2 }).Guard());
        Assert.Equal(Short * 2, error.Timeout);
    }
}
