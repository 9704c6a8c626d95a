using Pomodoro.Commands;
using Pomodoro.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Pomodoro.Tui;

/// <summary>The statistics as bars.</summary>
internal static class Charts
{
    public static IRenderable Of(IReadOnlyList<Day> days) => days.Count == 0 ? OfWork(days) : new Rows(OfWork(days), Text.Empty, Chart("Todos done", days, day => day.TodosDone, Color.Blue));

    /// <summary>Without the todos, so that a week fits into the 24 lines of a small terminal.</summary>
    public static IRenderable OfWork(IReadOnlyList<Day> days) => days.Count == 0
        // Spectre cannot draw a chart without bars.
        ? new Text("nothing yet")
        : new Rows(Chart("Minutes of work", days, day => day.Minutes, Color.Green), Text.Empty, Chart("Sessions completed", days, day => day.Sessions, Color.Yellow));

    private static BarChart Chart(string label, IReadOnlyList<Day> days, Func<Day, int> value, Color colour) =>
        new BarChart().Label(label).LeftAlignLabel().AddItems(days, day => new BarChartItem(Words.Date(day.Date), value(day), colour));
}
