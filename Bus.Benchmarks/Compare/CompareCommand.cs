using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Bus.Benchmarks.Compare.Loads;
using Bus.Benchmarks.Compare.Output;
using Bus.Benchmarks.Compare.Results;
using Bus.Benchmarks.Compare.Scenarios;
using Bus.Benchmarks.Compare.Servers;

namespace Bus.Benchmarks.Compare;

/// <summary><c>compare</c>: IpcBus, nats-server and the floor in turn. Speed is no test: a missed goal is exit code 0, a run that failed is 1.</summary>
internal static class CompareCommand
{
    private const int Failed = 1;
    private const int Interrupted = 130;

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Rounds of every scenario", DefaultValueFactory = _ => 5, CustomParser = ParseRounds };
        var only = new Option<string[]>("--only") { Description = $"Only this scenario (may be given several times, or a * behind the beginning): {string.Join(", ", ScenarioList.All.Select(s => s.Key))}", HelpName = "scenario" };
        var over = new Option<Over[]>("--over") { Description = "Only this transport: tcp or unix" };
        var floor = new Option<bool>("--floor") { Description = "Measure the floor too: the least that a broker can do" };
        var withoutNats = new Option<bool>("--without-nats-server") { Description = "Leave nats-server, and so the ratios, out" };
        var quick = new Option<bool>("--quick") { Description = "A tenth of the messages: to see that everything runs, not for figures" };
        var append = new Option<bool>("--append") { Description = "Add rounds to those that are there instead of replacing them" };
        var report = new Option<bool>("--report-only") { Description = "Run nothing; make table and chart from the rounds that are there" };
        var docs = new Option<bool>("--write-docs") { Description = "Also put table and chart into docs/performance.md" };
        var server = new Option<string>("--server") { Description = "Measure this ipcbus.dll instead of this source tree's", HelpName = "path" };
        var results = new Option<string>("--results") { Description = "Where the results go", HelpName = "folder", DefaultValueFactory = _ => Path.Combine(SourceRoot.Path, "artifacts", "benchmarks") };
        only.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !ScenarioList.All.Any(s => Matches(s, token.Value)))) result.AddError($"There is no scenario '{token.Value}': {string.Join(", ", ScenarioList.All.Select(s => s.Key))}.");
        });

        var command = new Command("compare", "Run IpcBus, nats-server and, if asked, the floor in turn; print a table of ratios, write it as CSV and as a chart.") { rounds, only, over, floor, withoutNats, quick, append, report, docs, server, results };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new CompareOptions
            {
                Rounds = parsed.GetValue(rounds), Quick = parsed.GetValue(quick), WithFloor = parsed.GetValue(floor), WithNats = !parsed.GetValue(withoutNats),
                Transports = parsed.GetValue(over) is { Length: > 0 } some ? some : [Over.Tcp, Over.Unix], Only = parsed.GetValue(only) ?? [], Append = parsed.GetValue(append),
                ReportOnly = parsed.GetValue(report), WriteDocs = parsed.GetValue(docs), Server = parsed.GetValue(server), Folder = parsed.GetValue(results)!,
            },
            cancellationToken));
        return command;
    }

    private static int ParseRounds(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[^1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds is >= 1 and <= 1000) return rounds;
        result.AddError($"--rounds takes a number from 1 to 1000, and not '{result.Tokens[^1].Value}'.");
        return default;
    }

    private static async Task<int> RunAsync(CompareOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var store = new ResultFolder(options.Folder);
            var failures = options.ReportOnly ? [] : await MeasureAsync(options, store, cancellationToken);
            var rows = Summary.Of(ScenarioList.All, store.Read());
            ResultTable.Print(rows);
            await store.WriteReportsAsync(rows, cancellationToken);
            if (options.WriteDocs) await DocsPage.WriteAsync(SourceRoot.Path, rows, cancellationToken);
            Console.WriteLine($"{store.Folder}: rounds.csv, results.csv, results.svg");
            foreach (var failure in failures) await Console.Error.WriteLineAsync($"failed: {failure}");
            return failures.Count == 0 ? 0 : Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Given up; what was measured before is kept.");
            return Interrupted;
        }
        catch (Exception e) when (e is LoadFailedException or FormatException or IOException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Failed;
        }
    }

    private static async Task<IReadOnlyList<string>> MeasureAsync(CompareOptions options, ResultFolder store, CancellationToken cancellationToken)
    {
        if (options.WithNats && await Tools.NatsServerVersionAsync(cancellationToken) is null)
            throw new LoadFailedException("There is no nats-server in the PATH to compare with. Install it (Debian, Ubuntu: apt-get install nats-server), or leave the ratios out with --without-nats-server.");
        using var tools = await Tools.BuildAsync(SourceRoot.Path, options.Server, Console.WriteLine, cancellationToken);
        var comparison = new Comparison(options, tools, Console.WriteLine);
        foreach (var scenario in ScenarioList.All.Where(s => options.Only.Count == 0 || options.Only.Any(only => Matches(s, only))))
        {
            var firstRound = options.Append ? store.LastRound(scenario) + 1 : 1;
            var measured = await comparison.RunAsync(scenario, firstRound, cancellationToken);

            // After every scenario, so that a run that is given up keeps what it has.
            store.Save(scenario, measured, options.Append);
        }

        return comparison.Failures;
    }

    private static bool Matches(Scenario scenario, string key) =>
        key.EndsWith('*') ? scenario.Key.StartsWith(key[..^1], StringComparison.Ordinal) : scenario.Key == key;
}
