using Bus.Core.Client;
using Pomodoro.Commands;
using Pomodoro.Model;

namespace Pomodoro.Tui;

/// <summary>What each key does: something with the view at once, or something at the server, whose broadcasts then change the view.</summary>
internal sealed class Keys(PomodoroClient server, Action<Func<View, View>> show)
{
    /// <returns>The next view. Null: the end.</returns>
    public View? Press(View view, ConsoleKeyInfo key, CancellationToken cancellationToken)
    {
        if (view.Draft is { } draft) return Type(view, draft, key, cancellationToken);
        if (key.KeyChar == 'q') return null;
        if (key.Key is ConsoleKey.UpArrow or ConsoleKey.DownArrow) return view.Move(key.Key == ConsoleKey.UpArrow ? -1 : 1);
        if (key.KeyChar == 'a') return view with { Draft = "" };
        if (ActionOf(view, key.KeyChar, cancellationToken) is not { } action) return view;
        // Nothing is kept for later: a key that takes effect when the server is back would surprise.
        if (!view.IsServerAway) _ = TellAsync(action);
        return view with { Note = "" };
    }

    private Func<Task>? ActionOf(View view, char key, CancellationToken cancellationToken) => (key, view.SelectedTodo) switch
    {
        (' ', var todo) => view.Timer?.IsRunning == true ? () => server.PressAsync("pause", cancellationToken) : () => server.StartAsync(todo is { Done: null } ? todo.Id : null, cancellationToken),
        ('n', _) => () => server.PressAsync("skip", cancellationToken),
        ('x', _) => () => server.PressAsync("stop", cancellationToken),
        ('d', { } todo) => () => server.ChangeAsync(todo.Id, new TodoChange(Done: todo.Done is null), cancellationToken),
        ('r', { } todo) => () => server.RemoveAsync(todo.Id, cancellationToken),
        _ => null,
    };

    private View Type(View view, string draft, ConsoleKeyInfo key, CancellationToken cancellationToken)
    {
        if (key.Key == ConsoleKey.Escape) return view with { Draft = null };
        if (key.Key == ConsoleKey.Backspace) return view with { Draft = draft.Length > 0 ? draft[..^1] : "" };
        if (key.Key != ConsoleKey.Enter) return char.IsControl(key.KeyChar) ? view : view with { Draft = draft + key.KeyChar };
        // What was typed stays while it cannot be sent.
        if (view.IsServerAway) return view;
        if (draft.Length > 0) _ = TellAsync(() => server.AddAsync(draft, cancellationToken));
        return view with { Draft = null };
    }

    private async Task TellAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (BusException e)
        {
            show(view => view with { Note = (e as RemoteErrorException)?.Text ?? e.Message });
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
