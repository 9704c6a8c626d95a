using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Bus.Benchmarks.Compare.Results;
using Bus.Benchmarks.Compare.Scenarios;
using Bus.Benchmarks.Compare.Servers;

namespace Bus.Benchmarks.Compare.Output;

/// <summary>Puts the table between the two markers of docs/performance.md, and the chart beside it.</summary>
internal static class DocsPage
{
    private const string Begin = "<!-- figures: begin (written by ./bench --write-docs) -->";
    private const string End = "<!-- figures: end -->";

    public static async Task WriteAsync(string root, IReadOnlyList<ResultRow> rows, CancellationToken cancellationToken)
    {
        var page = Path.Combine(root, "docs", "performance.md");
        var machine = await MachineAsync(cancellationToken);
        await File.WriteAllTextAsync(page, Replace(await File.ReadAllTextAsync(page, cancellationToken), Table(rows, machine)), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(root, "docs", "performance.svg"), SvgChart.Draw(rows), cancellationToken);
    }

    /// <exception cref="FormatException">The page has no markers.</exception>
    internal static string Replace(string page, string table)
    {
        var begin = page.IndexOf(Begin, StringComparison.Ordinal);
        var end = page.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin) throw new FormatException($"docs/performance.md has no '{Begin}' before '{End}'; put both back.");
        return $"{page[..(begin + Begin.Length)]}\n\n{table}\n{page[end..]}";
    }

    internal static string Table(IReadOnlyList<ResultRow> rows, string machine)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{machine}. {ResultTable.Counts(rows)}\n\n");
        text.Append("| scenario | figure | over | IpcBus | nats-server | ratio | goal | | floor | times the floor |\n|---|---|---|--:|--:|--:|--:|---|--:|--:|\n");
        var previous = "";
        foreach (var row in rows)
        {
            var met = row.Met switch { true => "met", false => "**missed**", null => "" };
            var baseline = Number.Text(row.Baseline, row.Scenario.Yardstick is null ? "" : $" ({row.BaselineName})");
            text.Append(CultureInfo.InvariantCulture, $"| {(row.Scenario.Title == previous ? "" : row.Scenario.Title)} | {row.Figure.Title} | {row.Over.Name()} | {Number.Text(row.Ours)} | {baseline} | {Number.Text(row.Ratio, "x")} | {row.Goal} | {met} | {Number.Text(row.Floor)} | {Number.Text(row.OfFloor)} |\n");
            previous = row.Scenario.Title;
        }

        text.Append("\n![How many times as good as nats-server](performance.svg)\n");
        return text.ToString();
    }

    private static async Task<string> MachineAsync(CancellationToken cancellationToken)
    {
        var processors = File.Exists("/proc/cpuinfo") ? await File.ReadAllLinesAsync("/proc/cpuinfo", cancellationToken) : [];
        var model = Array.Find(processors, l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim();
        var nats = await Tools.NatsServerVersionAsync(cancellationToken) ?? "no nats-server";
        var day = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $"Measured on {day}: {Environment.ProcessorCount} cores ({model ?? RuntimeInformation.ProcessArchitecture.ToString()}), {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.FrameworkDescription}, {nats}";
    }
}
