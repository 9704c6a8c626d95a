using System.Collections.Immutable;
using Pomodoro.Model;

namespace Pomodoro.Tui;

/// <summary>What the screen shows.</summary>
internal sealed record View
{
    public TimerView? Timer { get; init; }

    public ImmutableArray<Todo> Todos { get; init; } = [];

    public ImmutableArray<Day> Days { get; init; } = [];

    /// <summary>The number of the todo that keys are for.</summary>
    public int Selected { get; init; }

    /// <summary>The text of a todo that is being typed.</summary>
    public string? Draft { get; init; }

    /// <summary>The last thing worth telling: an alarm, an error.</summary>
    public string Note { get; init; } = "";

    public bool IsServerAway { get; init; }

    public Todo? SelectedTodo => Todos.FirstOrDefault(todo => todo.Id == Selected);

    /// <summary>The same view with other todos; what was selected stays so, if it is still there.</summary>
    public View With(IEnumerable<Todo> todos)
    {
        var next = this with { Todos = [.. todos.OrderBy(todo => todo.Done is not null).ThenBy(todo => todo.Id)] };
        return next.SelectedTodo is null ? next with { Selected = next.Todos.FirstOrDefault()?.Id ?? 0 } : next;
    }

    public View Move(int steps)
    {
        if (Todos.IsEmpty) return this;
        var at = Todos.Select(todo => todo.Id).ToList().IndexOf(Selected);
        return this with { Selected = Todos[Math.Clamp(at + steps, 0, Todos.Length - 1)].Id };
    }
}
