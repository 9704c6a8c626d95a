using System.Globalization;
using Pomodoro.Model;

namespace Pomodoro.Commands;

/// <summary>How things are written for people.</summary>
internal static class Words
{
    public static string Of(Phase phase) => phase switch { Phase.Work => "work", Phase.Break => "break", _ => "long break" };

    /// <summary>Rounded up: what has just begun shows all of its time, and zero is zero.</summary>
    public static string Clock(TimeSpan time)
    {
        var seconds = (long)Math.Ceiling(time.TotalSeconds);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:00}:{seconds % 60:00}");
    }

    public static string Of(TimerView timer) => $"{Of(timer.Phase)} {Clock(timer.Left)} {(timer.IsRunning ? "runs" : "waits")}{(timer.Todo is { } todo ? $", for todo {todo}" : "")}";

    public static string Of(Todo todo) => $"{todo.Id,3} [{(todo.Done is null ? ' ' : 'x')}] {todo.Text}";

    public static string Of(Session session) =>
        string.Create(CultureInfo.InvariantCulture, $"{session.Started.ToLocalTime():yyyy-MM-dd HH:mm} {Of(session.Phase),-10} {Clock(session.Spent)} {(session.IsComplete ? "complete" : "broken off")}{(session.Todo is { } todo ? $", todo {todo}" : "")}");

    public static string Date(DateOnly date) => date.ToString("ddd dd MMM", CultureInfo.InvariantCulture);
}
