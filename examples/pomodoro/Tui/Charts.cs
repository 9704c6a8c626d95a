using Pomodoro.Commands;
using Pomodoro.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Pomodoro.Tui;

/// <summary>The statistics as bars.</summary>
internal static class Charts
{
    public static IRenderable Of(IReadOnlyList<Day> days)
    {
        // Spectre cannot draw a chart without bars.
        if (days.Count == 0) return new Text("nothing yet");
        var minutes = new BarChart().Label("Minutes of work").LeftAlignLabel();
        var sessions = new BarChart().Label("Sessions completed").LeftAlignLabel();
        var todos = new BarChart().Label("Todos done").LeftAlignLabel();
        foreach (var day in days)
        {
            minutes.AddItem(Words.Date(day.Date), day.Minutes, Color.Green);
            sessions.AddItem(Words.Date(day.Date), day.Sessions, Color.Yellow);
            todos.AddItem(Words.Date(day.Date), day.TodosDone, Color.Blue);
        }

        return new Rows(minutes, Text.Empty, sessions, Text.Empty, todos);
    }
}
