using Bus.Transport.Connections;

namespace Bus.Tests.Transport.Connections;

/// <summary>Last wills and leave events of plain NATS clients.</summary>
public sealed class LastWillTests : IAsyncLifetime
{
    private readonly TestBus _bus = new() { Options = new ConnectionOptions { MaxPayload = 100 } };

    public Task InitializeAsync() => _bus.StartAsync();

    public Task DisposeAsync() => _bus.DisposeAsync().AsTask();

    [Fact]
    public async Task The_last_will_is_published_when_the_connection_ends_without_a_goodbye_and_behind_all_else()
    {
        using var watcher = await WatcherAsync();
        var client = await _bus.ConnectAsync();
        await client.FlushAsync("HPUB $BUS.WILL.news 17 21\r\nNATS/1.0\r\nA:b\r\n\r\ndead\r\n");
        await client.SendAsync("PUB news 5\r\nalive\r\n");
        client.Dispose();

        Assert.EndsWith("MSG news 1 5\r\nalive\r\nHMSG news 1 17 21\r\nNATS/1.0\r\nA:b\r\n\r\ndead\r\n", await watcher.TakeUntilAsync("dead\r\n") + "dead\r\n", StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_will_is_published_for_one_who_says_goodbye_or_has_taken_it_back()
    {
        using var watcher = await WatcherAsync();
        await watcher.FlushAsync("SUB $BUS.EVENT.> 2\r\n");
        using (var polite = await _bus.ConnectAsync()) await polite.FlushAsync("PUB $BUS.WILL.news 4\r\ndead\r\nPUB $BUS.BYE 0\r\n\r\n");
        Assert.Contains("\"reason\":\"closed\"", await watcher.TakeUntilAsync("LEAVE") + await watcher.TakeUntilAsync("}}"), StringComparison.Ordinal);
        using (var silent = await _bus.ConnectAsync()) await silent.FlushAsync("PUB $BUS.WILL.news 4\r\ndead\r\nPUB $BUS.WILL 0\r\n\r\n");
        Assert.Contains("\"reason\":\"lost\"", await watcher.TakeUntilAsync("LEAVE") + await watcher.TakeUntilAsync("}}"), StringComparison.Ordinal);

        // One that is published comes behind those that must not be.
        using (var control = await _bus.ConnectAsync()) await control.FlushAsync("PUB $BUS.WILL.news 7\r\ncontrol\r\n");
        Assert.DoesNotContain("dead", await watcher.TakeUntilAsync("MSG news 1 7\r\ncontrol\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_protocol_error_is_no_goodbye()
    {
        using var watcher = await WatcherAsync();
        await watcher.FlushAsync("SUB $BUS.EVENT.LEAVE.* 2\r\n");
        using var client = await _bus.ConnectAsync();
        await client.FlushAsync("PUB $BUS.WILL.news 4\r\ndead\r\n");
        await client.SendAsync("NONSENSE\r\n");

        // Two filters, and so without an order between them.
        var said = await watcher.TakeUntilAsync("dead\r\n");
        if (!said.Contains("LEAVE", StringComparison.Ordinal)) said = await watcher.TakeUntilAsync("}}");
        Assert.Contains("\"reason\":\"protocol-error\"", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$BUS.WILL.$BUS.EVENT.JOIN.x")]
    [InlineData("$BUS.WILL.$BUS.WILL.x")]
    [InlineData("$BUS.WILL.$BUS.BYE")]
    [InlineData("$BUS.WILL.a.*")]
    public async Task A_will_is_no_way_around_what_one_may_not_publish(string topic)
    {
        using var client = await _bus.ConnectAsync();

        Assert.Equal($"-ERR 'Permissions Violation for Publish to \"{topic}\"'\r\n", await client.FlushAsync($"PUB {topic} 2\r\nhi\r\n"));
    }

    private async Task<RawClient> WatcherAsync()
    {
        var watcher = await _bus.ConnectAsync();
        await watcher.FlushAsync("SUB news 1\r\n");
        return watcher;
    }
}
