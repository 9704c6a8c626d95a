namespace Bus.Tests.Transport.Connections;

/// <summary>Confirmed messages, as a plain NATS client publishes them.</summary>
public sealed class ConfirmTests : IAsyncLifetime
{
    private readonly TestBus _bus = new();

    public Task InitializeAsync() => _bus.StartAsync();

    public Task DisposeAsync() => _bus.DisposeAsync().AsTask();

    [Fact]
    public async Task The_reply_to_gets_the_number_and_the_subscribers_get_the_message_without_it()
    {
        using var publisher = await _bus.ConnectAsync();
        using var subscriber = await _bus.ConnectAsync();
        await subscriber.FlushAsync("SUB a.b 1\r\nSUB a.> 2\r\nSUB a.* workers 3\r\nSUB a.* workers 4\r\n");

        await publisher.SendAsync("SUB inbox 9\r\nPUB $BUS.PUB.a.b inbox 2\r\nhi\r\nHPUB $BUS.PUB.a.b 12 14\r\nNATS/1.0\r\n\r\nhi\r\n");

        Assert.Equal("MSG inbox 9 13\r\n", await publisher.TakeUntilAsync("{\"reached\":3}\r\n"));
        await publisher.FlushAsync();
        var got = await subscriber.FlushAsync();
        Assert.Contains("MSG a.b 1 2\r\nhi\r\n", got, StringComparison.Ordinal);
        Assert.Contains("HMSG a.b 2 12 14\r\nNATS/1.0\r\n\r\nhi\r\n", got, StringComparison.Ordinal);
        Assert.DoesNotContain("inbox", got, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_a_number_and_comes_before_the_pong_also_to_who_wants_no_echo()
    {
        using var client = await _bus.ConnectAsync("""CONNECT {"verbose":false,"pedantic":true,"echo":false,"headers":true}""");
        Assert.Equal("MSG inbox 9 13\r\n{\"reached\":0}\r\n", await client.FlushAsync("SUB inbox 9\r\nPUB $BUS.PUB.a inbox 2\r\nhi\r\n"));
    }

    [Fact]
    public async Task What_a_client_may_not_publish_it_may_not_have_confirmed_either()
    {
        using var client = await _bus.ConnectAsync();
        foreach (var topic in new[] { "$BUS.PUB", "$BUS.PUB.$BUS.EVENT.JOIN.x", "$BUS.PUB.$BUS.PUB.a", "$BUS.PUB.$BUS.NEW" })
        {
            Assert.Equal($"-ERR 'Permissions Violation for Publish to \"{topic}\"'\r\n", await client.FlushAsync($"PUB {topic} inbox 2\r\nhi\r\n"));
        }

        Assert.Equal("-ERR 'Permissions Violation for Subscription to \"$BUS.PUB.>\"'\r\n", await client.FlushAsync("SUB $BUS.PUB.> 1\r\n"));
        Assert.Equal("MSG $BUS.ALL.news 1 2\r\nhi\r\n", await client.FlushAsync("SUB $BUS.ALL.> 1\r\nPUB $BUS.PUB.$BUS.ALL.news 2\r\nhi\r\n"));
    }
}
