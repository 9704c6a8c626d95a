using Bus.Benchmarks.Compare.Scenarios;

namespace Bus.Benchmarks.Compare.Results;

/// <summary>One line of the table.</summary>
/// <param name="Scenario">What was run.</param>
/// <param name="Figure">What was read from it.</param>
/// <param name="Over">What our clients dialled; nats-server's always dial TCP.</param>
/// <param name="Rounds">How many rounds are in it.</param>
/// <param name="Ours">The median.</param>
/// <param name="Baseline">The median of what it is compared with.</param>
/// <param name="Ratio">Ours to the baseline: the median of the rounds' ratios.</param>
/// <param name="Floor">The floor's median over the same transport.</param>
/// <param name="OfFloor">How many times worse than the floor: 1 is as good.</param>
internal sealed record ResultRow(Scenario Scenario, Figure Figure, Over Over, int Rounds, double Ours, double? Baseline, double? Ratio, double? Floor, double? OfFloor)
{
    public Goal? Goal => Figure.GoalOver(Over);

    public bool? Met => Goal?.IsMet(Ours, Ratio);

    public string BaselineName => Scenario.Yardstick is null ? Contender.Nats : Contender.Yardstick;

    /// <summary>The ratio turned so that more is better.</summary>
    public double? TimesAsGood => Ratio is { } ratio && ratio > 0 ? Figure.HigherIsBetter ? ratio : 1 / ratio : null;
}
