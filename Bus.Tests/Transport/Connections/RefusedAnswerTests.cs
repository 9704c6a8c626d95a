using System.Globalization;
using Bus.Core;
using Bus.Core.Routing;
using Bus.Tests.Client;
using Bus.Tests.Processes;

namespace Bus.Tests.Transport.Connections;

/// <summary>Answers of the bus that their topic does not take.</summary>
public sealed class RefusedAnswerTests
{
    private const int Requests = 2_000;

    [Fact]
    public async Task They_are_counted_in_the_log_and_not_written_there_one_by_one()
    {
        using var log = new LogLines();
        await using var bus = new TestBus { Rules = new TopicRules(TopicCreation.Declared), Loggers = log };
        await bus.StartAsync();
        using var client = await bus.ConnectAsync();

        for (var i = 0; i < Requests; i += 100) await client.FlushAsync(string.Concat(Enumerable.Repeat("PUB $BUS.STATS nowhere 0\r\n\r\n", 100)));

        await Eventually.HoldsAsync(() => Lines(log).Sum(Count) == Requests, () => $"{Lines(log).Sum(Count)} of {Requests} are logged, in {Lines(log).Count()} lines.");
        // One a second, and this takes a moment.
        Assert.InRange(Lines(log).Count(), 2, Requests / 10);
        Assert.Contains("'nowhere'", Lines(log).Last(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Lines(LogLines log) => log.All.Split('\n').Where(line => line.StartsWith("The bus did not publish ", StringComparison.Ordinal));

    private static int Count(string line) => int.TryParse(line.Split(' ')[5], NumberStyles.Integer, CultureInfo.InvariantCulture, out var count) ? count : 1;
}
