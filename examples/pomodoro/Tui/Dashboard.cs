using Pomodoro.Commands;
using Pomodoro.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Pomodoro.Tui;

/// <summary>Draws a <see cref="View"/>.</summary>
internal static class Dashboard
{
    // Everything together has at most 24 lines, as many as a small terminal.
    private const int MaxTodos = 12;

    public static IRenderable Of(View view)
    {
        var left = new Rows(Titled("Timer", Timer(view)), Titled("Todos", Todos(view)));
        var columns = new Grid().AddColumn().AddColumn().AddRow(left, Titled("Statistics", Charts.OfWork(view.Days)));
        columns.Expand = true;
        return new Rows(columns, Foot(view));
    }

    private static Panel Titled(string title, IRenderable content) => new Panel(content).Header(title).Expand();

    private static IRenderable Timer(View view)
    {
        if (view.Timer is not { } timer) return new Text("waiting for the server");
        var colour = timer.Phase == Phase.Work ? Color.Red : Color.Green;
        var passed = timer.Length > TimeSpan.Zero ? 1 - (timer.Left / timer.Length) : 0;
        var bar = new BreakdownChart().HideTags().AddItem("passed", Math.Max(passed, 0.001), colour).AddItem("left", Math.Max(1 - passed, 0.001), Color.Grey);
        var state = view.IsServerAway ? "as last heard" : timer.IsRunning ? "runs" : "waits";
        var purpose = view.Todos.FirstOrDefault(todo => todo.Id == timer.Todo)?.Text;
        return new Rows(
            new Text($"{Words.Of(timer.Phase)} {Words.Clock(timer.Left)} {state}", new Style(view.IsServerAway ? Color.Grey : colour, decoration: Decoration.Bold)),
            new Text(purpose is null ? $"round {timer.Round + 1}" : $"round {timer.Round + 1}: {purpose}"),
            bar);
    }

    private static IRenderable Todos(View view)
    {
        if (view.Todos.IsEmpty) return new Text("none: press a to add one");
        // The part of the list where the selected one is.
        var at = Math.Max(0, view.Todos.IndexOf(view.SelectedTodo!));
        var first = Math.Clamp(at - (MaxTodos / 2), 0, Math.Max(0, view.Todos.Length - MaxTodos));
        var lines = view.Todos.Skip(first).Take(MaxTodos).Select(todo => Line(todo, isSelected: todo.Id == view.Selected));
        var more = view.Todos.Length - MaxTodos;
        return new Rows(more > 0 ? lines.Append(new Text($"and {more} more")) : lines);
    }

    private static Text Line(Todo todo, bool isSelected)
    {
        var style = todo.Done is null ? Style.Plain : new Style(Color.Grey, decoration: Decoration.Strikethrough);
        return new Text($"{(isSelected ? '>' : ' ')}{Words.Of(todo)}", style) { Overflow = Overflow.Ellipsis };
    }

    private static Rows Foot(View view)
    {
        var note = view.IsServerAway ? "The server is away; this goes on when it is back." : view.Note;
        var keys = view.Draft is { } draft ? $"new todo: {draft}_   (enter: add, escape: leave it)" : "space start/pause   n next   x stop   up/down choose   d done   a add   r remove   q quit";
        return new Rows(new Text(note, new Style(view.IsServerAway ? Color.Red : Color.Yellow)), new Text(keys, new Style(Color.Grey)));
    }
}
