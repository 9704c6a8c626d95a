using System.Text.Json;
using Bus.Core.Presence;
using Bus.Transport.Connections;

namespace Bus.Tests.Transport.Connections;

/// <summary>The bus pings its clients, as bytes.</summary>
public sealed class PingAllTests : IAsyncLifetime
{
    private const string Ask = "SUB _INBOX.1 1\r\nPUB $BUS.PING _INBOX.1 20\r\n{\"timeoutMs\": 30000}\r\n";

    private readonly TestBus _bus = new() { Options = new ConnectionOptions { PingInterval = TimeSpan.FromHours(1) } };

    public Task InitializeAsync() => _bus.StartAsync();

    public Task DisposeAsync() => _bus.DisposeAsync().AsTask();

    [Fact]
    public async Task A_plain_client_is_asked_by_PING_and_answers_by_PONG()
    {
        using var client = await _bus.ConnectAsync();
        await client.SendAsync(Ask);
        await client.TakeUntilAsync("PING\r\n");
        await client.SendAsync("PONG\r\n");

        Assert.True(Assert.Single(await AnswerAsync(client)).LatencyMs > 0);
    }

    [Fact]
    public async Task Whoever_leaves_meanwhile_is_not_waited_for_and_one_PING_is_enough_for_all_who_ask()
    {
        using var asker = await _bus.ConnectAsync();
        var silent = await _bus.ConnectAsync();
        await asker.SendAsync(Ask);
        await asker.TakeUntilAsync("PING\r\n");
        await silent.TakeUntilAsync("PING\r\n");
        // The second round asks nobody a second time. It has begun when the bus has answered what was asked behind it.
        await asker.SendAsync("SUB _INBOX.2 2\r\nPUB $BUS.PING _INBOX.1 20\r\n{\"timeoutMs\": 30000}\r\nPUB $BUS.PING _INBOX.2 3\r\nbad\r\n");
        Assert.Equal("", await asker.TakeUntilAsync("HMSG _INBOX.2 2 "));
        await asker.TakeUntilAsync("\r\n\r\n\r\n");
        Assert.Equal("", await silent.FlushAsync());
        await asker.SendAsync("PONG\r\n");

        silent.Dispose();

        foreach (var pings in new[] { await AnswerAsync(asker), await AnswerAsync(asker) })
        {
            Assert.Equal([true, false], pings.Select(p => p.LatencyMs is not null));
        }
    }

    /// <summary>A client that answers no PING asks and asks: it is refused from the 17th time on, and others are not.</summary>
    [Fact]
    public async Task Nobody_can_take_all_the_rounds_there_may_be()
    {
        using var greedy = await _bus.ConnectAsync();
        await greedy.SendAsync("SUB _INBOX.1 1\r\n" + string.Concat(Enumerable.Repeat("PUB $BUS.PING _INBOX.1 20\r\n{\"timeoutMs\": 30000}\r\n", 17)));
        await greedy.TakeUntilAsync("HMSG _INBOX.1 1 ");
        Assert.Contains("\r\nBus-Error: busy", await greedy.TakeUntilAsync("\r\n\r\n\r\n"), StringComparison.Ordinal);

        using var other = await _bus.ConnectAsync();
        await other.SendAsync("SUB _INBOX.1 1\r\nPUB $BUS.PING _INBOX.1 15\r\n{\"timeoutMs\":1}\r\n");
        Assert.Equal(2, (await AnswerAsync(other)).Count);
    }

    [Fact]
    public async Task Whoever_does_not_answer_in_time_has_no_latency()
    {
        using var client = await _bus.ConnectAsync();
        await client.SendAsync("SUB _INBOX.1 1\r\nPUB $BUS.PING _INBOX.1 15\r\n{\"timeoutMs\":1}\r\n");
        await client.TakeUntilAsync("PING\r\n");

        Assert.Null(Assert.Single(await AnswerAsync(client)).LatencyMs);
    }

    private static async Task<IReadOnlyList<ClientPing>> AnswerAsync(RawClient client)
    {
        await client.TakeUntilAsync("MSG _INBOX.1 1 ");
        await client.TakeUntilAsync("\r\n");
        return JsonSerializer.Deserialize(await client.TakeUntilAsync("\r\n"), PresenceJson.Default.PingList)!.Pings;
    }
}
