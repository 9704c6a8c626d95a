using Bus.Core.Client;

namespace Bus.Tests.Client;

/// <summary>How far away everybody is.</summary>
public abstract class PingAllContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    [Fact]
    public async Task Everybody_who_is_here_answers()
    {
        var (bus, other) = (await Fixture.ConnectAsync("orders"), await Fixture.ConnectAsync("shop"));

        var pings = await bus.PingAllAsync(Guarding.Limit).Guard();

        Assert.Equal((await bus.GetClientsAsync().Guard()).Select(c => (c.Name, c.Id)), pings.Select(p => (p.Name, p.Id)));
        Assert.Superset(new HashSet<string>(StringComparer.Ordinal) { bus.Name, other.Name }, pings.Select(p => p.Name).ToHashSet(StringComparer.Ordinal));
        Assert.All(pings, p => Assert.True(p.Latency > TimeSpan.Zero, $"{p}"));
    }

    [Fact]
    public async Task Many_may_ask_at_the_same_time()
    {
        var bus = await Fixture.ConnectAsync("orders");

        var all = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => bus.PingAllAsync(Guarding.Limit))).Guard();

        Assert.All(all, pings => Assert.NotNull(Assert.Single(pings, p => p.Name == "orders").Latency));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(61_000)]
    public async Task A_timeout_that_makes_no_sense_is_refused(int milliseconds)
    {
        var bus = await Fixture.ConnectAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => bus.PingAllAsync(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("{\"timeoutMs\":0}")]
    [InlineData("{\"timeoutMs\":1e9}")]
    public async Task A_question_that_makes_no_sense_is_answered_with_an_error(string question)
    {
        var bus = await Fixture.ConnectAsync();
        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => bus.RequestAsync<string, string>("$BUS.PING", question).Guard());
        Assert.Equal((400, "bad-request"), (error.Code, error.Error));
    }
}

public sealed class LocalPingAllTests : PingAllContract<LocalBusFixture>;

public sealed class UnixPingAllTests : PingAllContract<UnixBusFixture>;

public sealed class TcpPingAllTests : PingAllContract<TcpBusFixture>;

public sealed class PipePingAllTests : PingAllContract<PipeBusFixture>;
