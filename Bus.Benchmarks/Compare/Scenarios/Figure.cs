namespace Bus.Benchmarks.Compare.Scenarios;

/// <summary>One figure that a load reports, and what it has to reach over each transport.</summary>
/// <param name="Field">Its name in the report of the load.</param>
/// <param name="Title">What it is, for readers.</param>
/// <param name="HigherIsBetter">Rates are better when high, times and bytes when low.</param>
/// <param name="Tcp">The goal over TCP; null: shown without one.</param>
/// <param name="Unix">The goal over the Unix socket.</param>
internal sealed record Figure(string Field, string Title, bool HigherIsBetter, Goal? Tcp = null, Goal? Unix = null)
{
    public Goal? GoalOver(Over over) => over == Over.Tcp ? Tcp : Unix;
}
