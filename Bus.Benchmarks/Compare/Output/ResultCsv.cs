using System.Globalization;
using Bus.Benchmarks.Compare.Results;

namespace Bus.Benchmarks.Compare.Output;

/// <summary>The rows for a spreadsheet.</summary>
internal static class ResultCsv
{
    public static IEnumerable<string> Lines(IReadOnlyList<ResultRow> rows) => rows
        .Select(r => string.Join(',', Cell(r.Scenario.Key), Cell(r.Scenario.Title), Cell(r.Figure.Title), Cell(r.Over.ToString()), Cell(r.Rounds), Cell(r.Ours), Cell(r.BaselineName), Cell(r.Baseline), Cell(r.Ratio), Cell(r.Goal?.ToString()), Cell(r.Met switch { true => "met", false => "missed", null => "" }), Cell(r.Floor), Cell(r.OfFloor)))
        .Prepend("scenario,title,figure,over,rounds,ipcbus,compared_with,their_figure,ratio,goal,goal_met,floor,times_the_floor");

    private static string Cell(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";

    private static string Cell(string? text) => text is null ? "" : text.AsSpan().IndexOfAny(',', '"', '\n') < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
