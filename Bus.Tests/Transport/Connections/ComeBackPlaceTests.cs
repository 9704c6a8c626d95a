using Bus.Core;
using Bus.Core.Routing;
using Bus.Tests.Client;
using Bus.Transport.Connections;

namespace Bus.Tests.Transport.Connections;

/// <summary>A client that is back on a topic with a limit, while the bus does not know yet that its former connection is dead.</summary>
public sealed class ComeBackPlaceTests
{
    private const string Connect = """CONNECT {"name":"a","headers":true,"verbose":false,"bus":{"id":"1","unique":true}}""";

    private static readonly ConnectionOptions Small = new()
    {
        MaxPayload = 8 * 1024, MaxPending = 64 * 1024, PublishWindow = 64 * 1024, StallBudget = TimeSpan.FromMinutes(10), StallWindow = TimeSpan.FromMinutes(10), CloseGrace = TimeSpan.FromMinutes(1),
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_finds_its_own_place_free_whatever_becomes_of_the_former_connection(bool isGuarded)
    {
        await using var bus = Bus(isGuarded);
        await bus.StartAsync();
        var former = await bus.ConnectAsync(Connect);
        Assert.Equal("", await former.FlushAsync("SUB limited 1\r\nPING\r\n"));

        // In one go, so that nothing but the bus keeps the order.
        for (var i = 0; i < 50; i++)
        {
            var back = await bus.ConnectAsync("");
            Assert.Equal("", await back.FlushAsync($"{Connect}\r\nSUB limited 1\r\n"));
            former.Dispose();
            former = back;
        }

        former.Dispose();
        await bus.NothingLeftAsync();
    }

    [Fact]
    public async Task A_former_connection_that_is_frozen_in_the_middle_of_messages_gives_way()
    {
        await using var bus = Bus(isGuarded: false);
        await bus.StartAsync();
        using var former = await bus.ConnectAsync(Connect);
        await former.FlushAsync("SUB limited 1\r\n");
        using var publisher = await bus.ConnectAsync();
        // More than it has room for: what is left over waits in the bus, and its publisher with it.
        var payload = new string('p', 8_000);
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++) await publisher.SendAsync($"PUB limited {payload.Length}\r\n{payload}\r\n");
        });

        using var back = await bus.ConnectAsync("");
        Assert.Equal("", await back.FlushAsync($"{Connect}\r\nSUB limited 1\r\n"));

        var seen = back.TakeUntilAsync("\r\nlast\r\n");
        await publishing.Guard();
        await publisher.SendAsync("PUB limited 4\r\nlast\r\n");
        await seen.Guard();
    }

    [Fact]
    public async Task Somebody_else_does_not_take_its_place()
    {
        await using var bus = Bus(isGuarded: false);
        await bus.StartAsync();
        using var holder = await bus.ConnectAsync(Connect);
        await holder.FlushAsync("SUB limited 1\r\n");
        using var other = await bus.ConnectAsync();
        Assert.Contains("topic-full", await other.FlushAsync("SUB limited 1\r\n"), StringComparison.Ordinal);
        Assert.Equal("MSG limited 1 2\r\nhi\r\n", await holder.FlushAsync("PUB limited 2\r\nhi\r\n"));
    }

    private static TestBus Bus(bool isGuarded)
    {
        var rules = new TopicRules();
        rules.TryAdd(new TopicRule("limited", new TopicPolicy { MaxSubscribers = 1 }));
        return new TestBus { Rules = rules, Options = isGuarded ? Small with { Authenticate = (_, _) => ValueTask.FromResult(ConnectDecision.Allow) } : Small };
    }
}
