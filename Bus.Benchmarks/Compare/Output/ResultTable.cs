using Bus.Benchmarks.Compare.Results;
using Bus.Benchmarks.Compare.Scenarios;
using Spectre.Console;

namespace Bus.Benchmarks.Compare.Output;

/// <summary>The rows on the terminal.</summary>
internal static class ResultTable
{
    private const int Width = 220;

    public static void Print(IReadOnlyList<ResultRow> rows)
    {
        // A file or a pipe has no width; the default of 80 would break every row into four.
        if (Console.IsOutputRedirected) (AnsiConsole.Profile.Width, AnsiConsole.Profile.Capabilities.Ansi) = (Width, false);
        var withFloor = rows.Any(r => r.Floor is not null);
        var table = new Table().Border(TableBorder.Simple).AddColumns("scenario", "figure", "over", "rounds", "ipcbus", "compared with", "ratio", "goal", "");
        if (withFloor) table.AddColumns("floor", "times the floor");
        for (var i = 4; i < table.Columns.Count; i++) table.Columns[i].RightAligned();
        var previous = "";
        foreach (var row in rows)
        {
            string[] cells =
            [
                row.Scenario.Title == previous ? "" : row.Scenario.Title, row.Figure.Title, row.Over.Name(), $"{row.Rounds}", Number.Text(row.Ours),
                Baseline(row), Number.Text(row.Ratio, "x"), row.Goal?.ToString() ?? "", row.Met switch { true => "[green]met[/]", false => "[red]missed[/]", null => "" },
            ];
            table.AddRow(withFloor ? [.. cells, Number.Text(row.Floor), Number.Text(row.OfFloor)] : cells);
            previous = row.Scenario.Title;
        }

        AnsiConsole.Write(table);
        Console.WriteLine(Counts(rows));
    }

    public static string Counts(IReadOnlyList<ResultRow> rows) => $"{rows.Count(r => r.Met is true)} goals met, {rows.Count(r => r.Met is false)} missed.";

    private static string Baseline(ResultRow row) => row.Baseline is null ? "" : row.Scenario.Yardstick is null ? Number.Text(row.Baseline) : $"{Number.Text(row.Baseline)} ({row.BaselineName})";
}
