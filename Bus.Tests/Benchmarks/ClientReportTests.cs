using Bus.Benchmarks.Client;
using Bus.Benchmarks.Compare.Loads;

namespace Bus.Tests.Benchmarks;

public sealed class ClientReportTests
{
    [Fact]
    public void A_rate_is_read_back()
    {
        var figures = LoadReport.Parse(ClientCommand.Publish, ClientReport.Rate(ClientCommand.Publish, 1_000_000, 0.5));
        Assert.Equal(2_000_000, figures["msgs_per_s"]);
    }

    [Fact]
    public void Percentiles_are_read_back()
    {
        var figures = LoadReport.Parse(ClientCommand.Request, ClientReport.Latency(ClientCommand.Request, 1, [.. Enumerable.Range(0, 1000).Select(i => 999.0 - i)]));
        Assert.Equal((500, 990, 1000), (figures["p50_us"], figures["p99_us"], figures["per_s"]));
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 0, 1)]
    public void What_is_lost_doubled_or_reordered_is_a_failure(long lost, long doubled, long reordered) =>
        Assert.Throws<LoadFailedException>(() => LoadReport.Parse("x", ClientReport.Rate("x", 10, 1, lost, doubled, reordered)));
}
