using Bus.Benchmarks.Compare.Results;

namespace Bus.Tests.Benchmarks;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(3, new double[] { 3 })]
    [InlineData(2, new double[] { 9, 1, 2 })]
    [InlineData(2.5, new double[] { 4, 1, 3, 2 })]
    public void The_median_is_in_the_middle(double expected, double[] values) => Assert.Equal(expected, Statistics.Median(values));

    [Fact]
    public void No_values_have_no_median() => Assert.Throws<ArgumentException>(() => Statistics.Median([]));

    [Fact]
    public void Ratios_are_taken_within_a_round()
    {
        // The second round was ten times slower for both; the ratio of the medians would be 20 / 10, and of the sums 1.8.
        var ours = new Dictionary<int, double> { [1] = 20, [2] = 3, [3] = 40 };
        var theirs = new Dictionary<int, double> { [1] = 10, [2] = 1, [3] = 10 };
        Assert.Equal(3, Statistics.MedianRatio(ours, theirs));
    }

    [Fact]
    public void A_round_that_only_one_of_them_has_does_not_count()
    {
        Assert.Equal(2, Statistics.MedianRatio(new Dictionary<int, double> { [1] = 2, [2] = 100 }, new Dictionary<int, double> { [1] = 1, [3] = 1 }));
        Assert.Null(Statistics.MedianRatio(new Dictionary<int, double> { [1] = 2 }, new Dictionary<int, double> { [2] = 1 }));
        Assert.Null(Statistics.MedianRatio(new Dictionary<int, double> { [1] = 2 }, new Dictionary<int, double> { [1] = 0 }));
    }
}
