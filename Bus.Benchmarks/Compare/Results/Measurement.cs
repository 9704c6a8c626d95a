using Bus.Benchmarks.Compare.Scenarios;

namespace Bus.Benchmarks.Compare.Results;

/// <summary>One figure of one run.</summary>
/// <param name="Scenario">The key of the scenario.</param>
/// <param name="Who">What was measured: see <see cref="Contender"/>.</param>
/// <param name="Over">What the clients dialled.</param>
/// <param name="Round">Runs of the same round stand beside each other in time; only they are compared.</param>
/// <param name="Field">The figure's name in the report of the load.</param>
/// <param name="Value">In the unit of the report.</param>
internal readonly record struct Measurement(string Scenario, string Who, Over Over, int Round, string Field, double Value);
