using System.Globalization;
using Bus.Tests.Processes;
using Bus.Transport.Connections;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.Connections;

/// <summary>Clients that send what they should not, or do not send what they should: they get a clear error, and nobody else notices.</summary>
public abstract class HostileClientContract(BusScheme over)
{
    private const string Usual = """CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true}""";

    [Fact]
    public async Task Garbage_is_answered_with_an_error_and_disturbs_nobody()
    {
        await using var bus = await StartAsync();
        using var witness = await bus.ConnectAsync();
        await witness.FlushAsync("SUB a 1\r\n");

        foreach (var seed in Enumerable.Range(1, 100))
        {
            using var hostile = await bus.ConnectAsync("");
            var garbage = new byte[1 + (seed * 37 % 9000)];
            new Random(seed).NextBytes(garbage);
            garbage[0] = (byte)(0x80 | seed);

            await hostile.TrySendAsync(garbage);

            Assert.Equal("-ERR 'Unknown Protocol Operation'\r\n", await hostile.ReadToEndAsync());
            Assert.Equal("MSG a 1 2\r\nok\r\n", await witness.FlushAsync("PUB a 2\r\nok\r\n"));
        }

        await AtRestAsync(bus, witness);
    }

    [Theory]
    [InlineData("S")]
    [InlineData("SUB a 1")]
    [InlineData("SUB a 1\r\nPUB a 100\r\nhalf of it")]
    [InlineData("PUB a 5\r\nhello")]
    [InlineData("PUB a 5\r\nhello\r")]
    [InlineData("HPUB a 22 24\r\nNATS/1.0\r\nKey")]
    [InlineData("PUB a 1048576\r\nthe beginning of something large")]
    [InlineData("CONNECT {\"verbose\":")]
    public async Task Half_a_frame_and_then_the_end_is_never_delivered(string half)
    {
        await using var bus = await StartAsync();
        using var witness = await bus.ConnectAsync();
        await witness.FlushAsync("SUB > 1\r\n");
        using (var hostile = await bus.ConnectAsync("")) await hostile.SendAsync("CONNECT {\"verbose\":false}\r\nPUB b 4\r\ngood\r\n" + half);

        await witness.TakeUntilAsync("MSG b 1 4\r\ngood\r\n");

        Assert.Equal("", await witness.FlushAsync());
        await AtRestAsync(bus, witness);
    }

    [Fact]
    public async Task A_slow_writer_delays_nobody_else()
    {
        await using var bus = await StartAsync();
        using var witness = await bus.ConnectAsync();
        await witness.FlushAsync("SUB a 1\r\n");
        using var slow = await bus.ConnectAsync();

        foreach (var c in "HPUB a 22 27\r\nNATS/1.0\r\nKey: val\r\n\r\nhello\r\n")
        {
            Assert.Equal("MSG a 1 2\r\nok\r\n", await witness.FlushAsync("PUB a 2\r\nok\r\n"));
            await slow.SendAsync(c.ToString());
        }

        await witness.TakeUntilAsync("HMSG a 1 22 27\r\nNATS/1.0\r\nKey: val\r\n\r\nhello\r\n");
        slow.Dispose();
        await AtRestAsync(bus, witness);
    }

    [Fact]
    public async Task A_huge_payload_that_is_only_announced_costs_no_memory_of_its_size()
    {
        await using var bus = await StartAsync(new ConnectionOptions { MaxPayload = 1024 });
        using var witness = await bus.ConnectAsync();
        foreach (var size in new[] { "1025", "2147483647", "99999999999999999999" })
        {
            using var hostile = await bus.ConnectAsync();
            await hostile.SendAsync($"PUB a {size}\r\n");

            Assert.Equal("-ERR 'Maximum Payload Violation'\r\n", await hostile.ReadToEndAsync());
        }

        await AtRestAsync(bus, witness);
    }

    [Fact]
    public async Task Connections_above_the_limit_are_refused_with_a_reason_until_one_leaves()
    {
        await using var bus = await StartAsync(new ConnectionOptions { MaxConnections = 2 });
        using var first = await bus.ConnectAsync();
        var second = await bus.ConnectAsync();

        using var third = await bus.ConnectAsync("");
        Assert.Equal("-ERR 'maximum connections exceeded'", third.Greeting);
        Assert.Equal("", await third.ReadToEndAsync());

        second.Dispose();
        RawClient? next = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                next?.Dispose();
                next = await bus.ConnectAsync("");
                return next.Greeting.StartsWith("INFO ", StringComparison.Ordinal);
            },
            () => $"A new connection is let in. It got: {next?.Greeting}");
        Assert.Equal("", await next!.FlushAsync(Usual + "\r\n"));
        next.Dispose();
        await AtRestAsync(bus, first);
    }

    [Theory]
    [InlineData("")]
    [InlineData("CONNECT {\"verbose\":fal")]
    public async Task A_client_that_says_nothing_or_half_a_word_is_sent_away(string word)
    {
        await using var bus = await StartAsync(new ConnectionOptions { ConnectTimeout = TimeSpan.FromMilliseconds(100) });
        using var silent = await bus.ConnectAsync("");
        await silent.TrySendAsync(word);

        Assert.Equal("-ERR 'Authentication Timeout'\r\n", await silent.ReadToEndAsync());
        await bus.NothingLeftAsync();
    }

    [Fact]
    public async Task A_client_that_does_not_answer_pings_is_stale()
    {
        await using var bus = await StartAsync(new ConnectionOptions { PingInterval = TimeSpan.FromMilliseconds(50), MaxPingsOut = 2 });
        using var dead = await bus.ConnectAsync("");
        await dead.SendAsync(Usual + "\r\n");

        Assert.Equal("PING\r\nPING\r\n-ERR 'Stale Connection'\r\n", await dead.ReadToEndAsync());
        await bus.NothingLeftAsync();
    }

    [Fact]
    public async Task A_client_that_answers_pings_stays()
    {
        await using var bus = await StartAsync(new ConnectionOptions { PingInterval = TimeSpan.FromMilliseconds(5), MaxPingsOut = 100 });
        using var alive = await bus.ConnectAsync();

        for (var i = 0; i < 200; i++)
        {
            await alive.TakeUntilAsync("PING\r\n");
            await alive.SendAsync("PONG\r\n");
        }

        // Another PING may have come meanwhile.
        Assert.Equal("", (await alive.FlushAsync()).Replace("PING\r\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Thousands_come_and_go_and_leave_nothing_behind()
    {
        const int Rounds = 2_000;
        // The limit shows that those who left are counted out.
        await using var bus = await StartAsync(new ConnectionOptions { MaxConnections = 500 });
        using var witness = await bus.ConnectAsync();

        await Parallel.ForEachAsync(Enumerable.Range(0, Rounds), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) =>
        {
            using var client = await bus.ConnectAsync(Usual);
            Assert.StartsWith("INFO ", client.Greeting, StringComparison.Ordinal);
            await client.SendAsync(string.Create(CultureInfo.InvariantCulture, $"SUB coming.{i} 1\r\nSUB going.* q 2\r\nPUB coming.{i} 1\r\nx\r\nPUB going.{i} 1\r\nx\r\n"));
        });

        await Eventually.HoldsAsync(() => bus.Environment.Router.Match("going.1"u8).Count == 0, () => "The subscriptions of those who left are gone.");
        await AtRestAsync(bus, witness);
    }

    private async Task<TestBus> StartAsync(ConnectionOptions? options = null)
    {
        var bus = new TestBus { Over = over, Options = options ?? new ConnectionOptions() };
        await bus.StartAsync();
        return bus;
    }

    /// <summary>The witness still gets what it publishes, and when it has left too, every slab is back.</summary>
    private static async Task AtRestAsync(TestBus bus, RawClient witness)
    {
        Assert.Equal("MSG rest 99 2\r\nok\r\n", (await witness.FlushAsync("SUB rest 99\r\nPUB rest 2\r\nok\r\n")).Replace("MSG rest 1 2\r\nok\r\n", "", StringComparison.Ordinal));
        witness.Dispose();
        await bus.NothingLeftAsync();
    }
}
