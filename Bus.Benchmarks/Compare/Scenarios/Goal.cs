using System.Globalization;

namespace Bus.Benchmarks.Compare.Scenarios;

/// <summary>What a figure has to reach: a bound on its ratio to the baseline, or on the figure itself.</summary>
internal sealed record Goal(bool OnRatio, bool AtLeast, double Bound)
{
    public static Goal RatioAtLeast(double bound) => new(true, true, bound);

    public static Goal RatioAtMost(double bound) => new(true, false, bound);

    public static Goal AtLeastOf(double bound) => new(false, true, bound);

    public static Goal AtMostOf(double bound) => new(false, false, bound);

    /// <summary>Null when what the goal is about was not measured.</summary>
    public bool? IsMet(double value, double? ratio)
    {
        var judged = OnRatio ? ratio : value;
        return judged is null ? null : AtLeast ? judged >= Bound : judged <= Bound;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(AtLeast ? '≥' : '≤')} {Bound:#,0.##}{(OnRatio ? "x" : "")}");
}
