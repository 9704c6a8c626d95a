using Bus.Benchmarks.Compare.Scenarios;

namespace Bus.Benchmarks.Compare.Results;

/// <summary>From the measurements of all rounds to the rows of the table.</summary>
internal static class Summary
{
    public static IReadOnlyList<ResultRow> Of(IReadOnlyList<Scenario> scenarios, IReadOnlyList<Measurement> measurements)
    {
        var series = measurements
            .GroupBy(m => (m.Scenario, m.Who, m.Over, m.Field))
            .ToDictionary(g => g.Key, g => (IReadOnlyDictionary<int, double>)g.GroupBy(m => m.Round).ToDictionary(r => r.Key, r => r.Last().Value));
        return
        [
            .. from scenario in scenarios
               from figure in scenario.Figures
               from over in scenario.Transports
               let ours = Find(scenario, Contender.Ours, over, figure)
               where ours is not null
               let baseline = scenario.Yardstick is null ? Find(scenario, Contender.Nats, Over.Tcp, figure) : Find(scenario, Contender.Yardstick, over, figure)
               let floor = Find(scenario, Contender.Floor, over, figure)
               let toFloor = floor is null ? null : Statistics.MedianRatio(ours, floor)
               select new ResultRow(
                   scenario, figure, over, ours.Count, Statistics.Median(ours.Values),
                   baseline is null ? null : Statistics.Median(baseline.Values), baseline is null ? null : Statistics.MedianRatio(ours, baseline),
                   floor is null ? null : Statistics.Median(floor.Values), figure.HigherIsBetter ? 1 / toFloor : toFloor),
        ];

        IReadOnlyDictionary<int, double>? Find(Scenario scenario, string who, Over over, Figure figure) => series.GetValueOrDefault((scenario.Key, who, over, figure.Field));
    }
}
