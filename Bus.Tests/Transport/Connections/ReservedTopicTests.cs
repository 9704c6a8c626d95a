namespace Bus.Tests.Transport.Connections;

/// <summary>The bus's own topics, as a plain NATS client meets them.</summary>
public sealed class ReservedTopicTests : IAsyncLifetime
{
    private readonly TestBus _bus = new();

    public Task InitializeAsync() => _bus.StartAsync();

    public Task DisposeAsync() => _bus.DisposeAsync().AsTask();

    [Fact]
    public async Task What_is_not_for_clients_is_refused_in_the_words_of_nats_server_and_the_connection_goes_on()
    {
        using var client = await _bus.ConnectAsync();

        Assert.Equal("-ERR 'Permissions Violation for Publish to \"$BUS.EVENT.JOIN.x\"'\r\n", await client.FlushAsync("PUB $BUS.EVENT.JOIN.x 2\r\nhi\r\n"));
        Assert.Equal("-ERR 'Permissions Violation for Publish with Reply of \"$BUS.EVENT.JOIN.x\"'\r\n", await client.FlushAsync("PUB service $BUS.EVENT.JOIN.x 2\r\nhi\r\n"));
        Assert.Equal("-ERR 'Permissions Violation for Publish to \"$BUS.NEW\"'\r\n", await client.FlushAsync("HPUB $BUS.NEW 12 14\r\nNATS/1.0\r\n\r\nhi\r\n"));
        foreach (var filter in new[] { "$BUS.>", "$BUS.*.x", "$BUS.CLIENTS", "$BUS.TO.somebody", "$BUS.TO.*", "$BUS.TO.>" })
        {
            Assert.Equal($"-ERR 'Permissions Violation for Subscription to \"{filter}\"'\r\n", await client.FlushAsync($"SUB {filter} 1\r\n"));
        }

        Assert.Equal("-ERR 'Permissions Violation for Subscription to \"$BUS.ALL.>\" using queue \"q\"'\r\n", await client.FlushAsync("SUB $BUS.ALL.> q 1\r\n"));
        Assert.Equal("MSG a 1 2\r\nhi\r\n", await client.FlushAsync("SUB a 1\r\nPUB a 2\r\nhi\r\n"));
    }

    [Fact]
    public async Task A_filter_that_begins_with_a_wildcard_does_not_match_them()
    {
        using var client = await _bus.ConnectAsync();

        Assert.Equal("MSG $BUS.ALL.news 3 2\r\nhi\r\n", await client.FlushAsync("SUB > 1\r\nSUB *.ALL.news 2\r\nSUB $BUS.ALL.> 3\r\nPUB $BUS.ALL.news 2\r\nhi\r\n"));
        var both = await client.FlushAsync("PUB $BUSY.ALL.news 2\r\nhi\r\n");
        Assert.Contains("MSG $BUSY.ALL.news 1 2\r\nhi\r\n", both, StringComparison.Ordinal);
        Assert.Contains("MSG $BUSY.ALL.news 2 2\r\nhi\r\n", both, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_that_only_looks_like_one_is_as_good_as_any()
    {
        using var client = await _bus.ConnectAsync();

        Assert.Equal("MSG $BUS 1 2\r\nhi\r\n", await client.FlushAsync("SUB $BUS 1\r\nPUB $BUS 2\r\nhi\r\n"));
        Assert.Equal("MSG $SYS.x 2 2\r\nhi\r\n", await client.FlushAsync("SUB $SYS.> 2\r\nPUB $SYS.x 2\r\nhi\r\n"));
    }
}
