using System.Text.RegularExpressions;

namespace Bus.Tests.Transport.Connections;

/// <summary>Last values, as a plain NATS client meets them.</summary>
public sealed class RetainedTests : IAsyncLifetime
{
    private readonly TestBus _bus = new();

    public Task InitializeAsync() => _bus.StartAsync();

    public Task DisposeAsync() => _bus.DisposeAsync().AsTask();

    [Fact]
    public async Task A_late_subscription_gets_the_value_with_a_mark_and_before_the_pong()
    {
        using var publisher = await _bus.ConnectAsync();
        using var late = await _bus.ConnectAsync();
        using var old = await _bus.ConnectAsync("""CONNECT {"verbose":false,"pedantic":false}""");
        await publisher.FlushAsync("PUB $BUS.RETAIN.a.b 2\r\nhi\r\nHPUB $BUS.RETAIN.a.c 18 20\r\nNATS/1.0\r\nx: 1\r\n\r\nho\r\n");

        Assert.Equal("MSG a.b 1 2\r\nhi\r\n", await old.FlushAsync("SUB a.b 1\r\n"));
        var got = await late.FlushAsync("SUB a.> 1\r\n");
        Assert.Matches(new Regex(@"^HMSG a\.b 1 \d+ \d+\r\nNATS/1\.0\r\nBus-Retained: [^\r]+\r\n\r\nhi\r\nHMSG a\.c 1 \d+ \d+\r\nNATS/1\.0\r\nx: 1\r\nBus-Retained: [^\r]+\r\n\r\nho\r\n$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)), got);

        Assert.Equal("MSG a.b 1 0\r\n\r\n", await late.FlushAsync("PUB $BUS.RETAIN.a.b 0\r\n\r\n"));
        Assert.Equal("", await publisher.FlushAsync("SUB a.b 1\r\n"));
    }

    [Fact]
    public async Task What_is_kept_can_be_asked_for()
    {
        using var client = await _bus.ConnectAsync();
        await client.FlushAsync("SUB inbox 9\r\nPUB $BUS.RETAIN.a 2\r\nhi\r\n");
        await client.SendAsync("PUB $BUS.RETAINED inbox 0\r\n\r\n");
        Assert.Contains("{\"count\":1,", await client.TakeUntilAsync("\"values\":[{\"topic\":\"a\",\"size\":2,\"since\":\""), StringComparison.Ordinal);
        await client.SendAsync("PUB $BUS.RETAINED.a inbox 0\r\n\r\n");
        await client.TakeUntilAsync("\r\n\r\nhi\r\n");
        await client.SendAsync("PUB $BUS.RETAINED.b inbox 0\r\n\r\n");
        await client.TakeUntilAsync("Bus-Error: not-retained\r\n");
    }

    [Fact]
    public async Task What_belongs_to_the_bus_is_not_kept()
    {
        using var client = await _bus.ConnectAsync();
        foreach (var topic in new[] { "$BUS.RETAIN", "$BUS.RETAIN.$BUS.ALL.x", "$BUS.RETAIN.a.*", "$BUS.PUB.$BUS.RETAIN.a", "$BUS.RETAIN.$BUS.PUB.a" })
        {
            Assert.Equal($"-ERR 'Permissions Violation for Publish to \"{topic}\"'\r\n", await client.FlushAsync($"PUB {topic} 2\r\nhi\r\n"));
        }
    }
}
