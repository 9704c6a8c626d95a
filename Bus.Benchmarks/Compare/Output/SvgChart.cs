using System.Globalization;
using System.Security;
using System.Text;
using Bus.Benchmarks.Compare.Results;
using Bus.Benchmarks.Compare.Scenarios;

namespace Bus.Benchmarks.Compare.Output;

/// <summary>
/// A bar for each row that has a ratio: how many times as good as what it is compared with. Times and bytes are turned round, so longer is
/// always better; the line at 1 is nats-server, the mark in a bar its goal.
/// </summary>
internal static class SvgChart
{
    private const int RowHeight = 20;
    private const int Left = 600;
    private const int Right = 70;
    private const int Width = 1120;
    private const int Top = 60;
    private const double Most = 6;

    public static string Draw(IReadOnlyList<ResultRow> rows)
    {
        var bars = rows.Where(r => r.TimesAsGood is not null && (r.Goal is null || r.Goal.OnRatio)).ToList();
        var height = Top + (RowHeight * bars.Count) + 30;
        var svg = new StringBuilder();
        svg.AppendLine($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" font-family=\"system-ui, sans-serif\" font-size=\"12\">");
        svg.AppendLine("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        svg.AppendLine("<text x=\"12\" y=\"22\" font-size=\"15\" font-weight=\"600\" fill=\"#1f2328\">IpcBus: how many times as good as nats-server (over TCP) in the same run</text>");
        svg.AppendLine("<text x=\"12\" y=\"40\" fill=\"#59636e\">Longer is better. Black mark: the goal. Green: met, red: missed, grey: without a goal.</text>");
        for (var times = 0; times <= (int)Most; times++)
        {
            svg.AppendLine($"<line x1=\"{X(times)}\" y1=\"{Top - 6}\" x2=\"{X(times)}\" y2=\"{height - 24}\" stroke=\"{(times == 1 ? "#1f2328" : "#d1d9e0")}\"/>");
            svg.AppendLine($"<text x=\"{X(times)}\" y=\"{height - 8}\" text-anchor=\"middle\" fill=\"#59636e\">{times}x</text>");
        }

        for (var i = 0; i < bars.Count; i++) Bar(svg, bars[i], Top + (RowHeight * i));
        svg.AppendLine("</svg>");
        return svg.ToString();
    }

    private static void Bar(StringBuilder svg, ResultRow row, int y)
    {
        var times = row.TimesAsGood!.Value;
        var colour = row.Met switch { true => "#2da44e", false => "#cf222e", null => "#8c959f" };
        var middle = y + (RowHeight / 2) + 4;
        var title = $"{row.Scenario.Title}: {row.Figure.Title}, {row.Over.Name()}{(row.Scenario.Yardstick is null ? "" : $" (to {row.BaselineName})")}";
        svg.AppendLine($"<text x=\"{Left - 8}\" y=\"{middle}\" text-anchor=\"end\" fill=\"#1f2328\">{SecurityElement.Escape(title)}</text>");
        svg.AppendLine($"<rect x=\"{Left}\" y=\"{y + 3}\" width=\"{Text(Length(times))}\" height=\"{RowHeight - 6}\" fill=\"{colour}\"/>");
        svg.AppendLine($"<text x=\"{Text(Left + LabelAt(row, times) + 5)}\" y=\"{middle}\" fill=\"#1f2328\">{times.ToString("0.00", CultureInfo.InvariantCulture)}x{(times > Most ? " →" : "")}</text>");
        if (row.Goal is not { } goal) return;
        var mark = X(InTimes(goal));
        svg.AppendLine($"<line x1=\"{mark}\" y1=\"{y + 1}\" x2=\"{mark}\" y2=\"{y + RowHeight - 1}\" stroke=\"#1f2328\" stroke-width=\"3\"/>");
    }

    /// <summary>Behind the bar, and behind the mark that it does not reach.</summary>
    private static double LabelAt(ResultRow row, double times) => row.Met == false ? Math.Max(Length(times), Length(InTimes(row.Goal!))) : Length(times);

    private static double InTimes(Goal goal) => goal.AtLeast ? goal.Bound : 1 / goal.Bound;

    private static double Length(double times) => Math.Min(times, Most) / Most * (Width - Left - Right);

    private static string X(double times) => Text(Left + Length(times));

    private static string Text(double pixels) => pixels.ToString("0.#", CultureInfo.InvariantCulture);
}
