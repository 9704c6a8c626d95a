using Bus.Core.Client;

namespace Pomodoro.Model;

/// <summary>How the list of todos changes.</summary>
internal static class TodoRules
{
    private const int MaxLength = 200;

    public static PomodoroState Add(this PomodoroState state, string? text, DateTimeOffset now)
    {
        var todo = new Todo(state.LastTodo + 1, Checked(text), now);
        return state with { Todos = state.Todos.Add(todo), LastTodo = todo.Id };
    }

    public static PomodoroState Change(this PomodoroState state, int id, TodoChange change, DateTimeOffset now)
    {
        var old = state.Find(id);
        var done = change.Done switch { true => old.Done ?? now, false => null, null => old.Done };
        return state with { Todos = state.Todos.Replace(old, old with { Text = change.Text is { } text ? Checked(text) : old.Text, Done = done }) };
    }

    public static PomodoroState Remove(this PomodoroState state, int id) => state with
    {
        Todos = state.Todos.Remove(state.Find(id)),
        Timer = state.Timer.Todo == id ? state.Timer with { Todo = null } : state.Timer,
    };

    public static Todo Find(this PomodoroState state, int id) => state.Todos.Find(todo => todo.Id == id) ?? throw NoSuchTodo(id);

    /// <summary>The error that a caller gets; thrown by a handler it is its answer.</summary>
    public static RemoteErrorException NoSuchTodo(int id) => new($"There is no todo {id}.", 404, "not-found");

    // Terminals show it: what could steer one is not let in.
    private static string Checked(string? text) => text?.Trim() is { Length: > 0 and <= MaxLength } trimmed && !trimmed.Any(char.IsControl)
        ? trimmed
        : throw new RemoteErrorException($"The text of a todo has 1 to {MaxLength} characters, and none that control terminals.", 400, "bad-request");
}
