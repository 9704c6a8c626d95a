namespace Bus.Benchmarks.Compare.Results;

/// <summary>Medians: one run that the machine disturbed does not move them.</summary>
internal static class Statistics
{
    /// <summary>The one in the middle, or between the two in the middle.</summary>
    /// <exception cref="ArgumentException">There are no values.</exception>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0) throw new ArgumentException("The median of no values is not defined.", nameof(values));
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The median of the ratios of each round, not the ratio of the medians: what slows a whole round down cancels out.</summary>
    /// <returns>Null when no round has both.</returns>
    public static double? MedianRatio(IReadOnlyDictionary<int, double> values, IReadOnlyDictionary<int, double> baseline)
    {
        var ratios = values.Where(v => baseline.TryGetValue(v.Key, out var other) && other != 0).Select(v => v.Value / baseline[v.Key]).ToList();
        return ratios.Count == 0 ? null : Median(ratios);
    }
}
