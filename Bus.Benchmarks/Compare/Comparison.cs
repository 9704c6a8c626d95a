using System.Diagnostics;
using Bus.Benchmarks.Compare.Loads;
using Bus.Benchmarks.Compare.Results;
using Bus.Benchmarks.Compare.Scenarios;
using Bus.Benchmarks.Compare.Servers;

namespace Bus.Benchmarks.Compare;

/// <summary>
/// Runs a scenario: everybody in turn, round after round, so that what slows the machine down for a while slows all of them down.
/// A server lives for all rounds of a scenario and is warmed up before the first, unless the scenario is about a fresh one.
/// </summary>
internal sealed class Comparison(CompareOptions options, Tools tools, Action<string> say)
{
    private const int WarmUpDivisor = 10;

    // Twice this is enough for a JIT compiler to be done with the data path.
    private static readonly NatsLoad WarmUp = new("pubsub", ("n", 1_000_000), ("size", 128));

    private readonly List<string> _failures = [];

    /// <summary>Every run that could not be made, or whose messages were lost, doubled or reordered.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <param name="scenario">What to run.</param>
    /// <param name="firstRound">The number of the first round.</param>
    /// <param name="cancellationToken">Gives up; the servers are killed.</param>
    public async Task<IReadOnlyList<Measurement>> RunAsync(Scenario scenario, int firstRound, CancellationToken cancellationToken)
    {
        var contenders = Contender.Of(scenario, options.Transports, options.WithNats, options.WithFloor).ToList();
        var measurements = new List<Measurement>();
        if (contenders.Count == 0) return measurements;
        say(scenario.Title);
        var servers = new Dictionary<ServerKind, ServerProcess>();
        try
        {
            if (!scenario.Fresh) await WarmUpAsync(scenario, contenders, servers, cancellationToken);
            for (var round = firstRound; round < firstRound + options.Rounds; round++)
            {
                foreach (var contender in contenders.ToList())
                {
                    var start = Stopwatch.GetTimestamp();
                    if (await TryRunAsync(scenario, contender, servers, cancellationToken) is not { } figures)
                    {
                        contenders.Remove(contender);
                        continue;
                    }

                    measurements.AddRange(figures.Select(f => new Measurement(scenario.Key, contender.Who, contender.Over, round, f.Key, f.Value)));
                    say($"  round {round}, {contender.Who} {contender.Over.Name()}: {Describe(scenario, figures)} ({Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s)");
                }
            }
        }
        finally
        {
            foreach (var server in servers.Values) await server.DisposeAsync();
        }

        return measurements;
    }

    private async Task WarmUpAsync(Scenario scenario, List<Contender> contenders, Dictionary<ServerKind, ServerProcess> servers, CancellationToken cancellationToken)
    {
        foreach (var contender in contenders.ToList())
        {
            var warmUp = contender with { Load = WarmUp };
            if (await TryRunAsync(scenario, warmUp, servers, cancellationToken) is null
                || await TryRunAsync(scenario, warmUp, servers, cancellationToken) is null
                || await TryRunAsync(scenario, contender with { Load = contender.Load.Divided(WarmUpDivisor) }, servers, cancellationToken) is null)
            {
                contenders.Remove(contender);
            }
        }
    }

    /// <returns>Null when it failed.</returns>
    private async Task<IReadOnlyDictionary<string, double>?> TryRunAsync(Scenario scenario, Contender contender, Dictionary<ServerKind, ServerProcess> servers, CancellationToken cancellationToken)
    {
        try
        {
            if (scenario.Fresh)
            {
                await using var fresh = await ServerProcess.StartAsync(contender.Server, tools, cancellationToken);
                return await LoadAsync(contender, fresh, cancellationToken);
            }

            if (!servers.TryGetValue(contender.Server, out var server)) servers.Add(contender.Server, server = await ServerProcess.StartAsync(contender.Server, tools, cancellationToken));
            return await LoadAsync(contender, server, cancellationToken);
        }
        catch (LoadFailedException e)
        {
            var failure = $"{scenario.Key}, {contender.Who} over {contender.Over.Name()}: {e.Message}";
            _failures.Add(failure);
            say($"  FAILED {failure}");
            return null;
        }
    }

    private Task<IReadOnlyDictionary<string, double>> LoadAsync(Contender contender, ServerProcess server, CancellationToken cancellationToken) =>
        (options.Quick ? contender.Load.Divided(WarmUpDivisor) : contender.Load).RunAsync(server, contender.Over, tools, cancellationToken);

    private static string Describe(Scenario scenario, IReadOnlyDictionary<string, double> figures) =>
        string.Join(", ", scenario.Figures.Where(f => figures.ContainsKey(f.Field)).Select(f => $"{Output.Number.Text(figures[f.Field])} {f.Title}"));
}
