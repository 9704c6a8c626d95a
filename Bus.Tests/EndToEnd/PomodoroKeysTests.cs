using Bus.Core.Hosting;
using Bus.Core.Routes;
using Bus.Tests.Core.Calls;
using Bus.Tests.Processes;
using Pomodoro.Commands;
using Pomodoro.Model;
using Pomodoro.Server;
using Pomodoro.Tui;

namespace Bus.Tests.EndToEnd;

/// <summary>What the keys of the terminal UI of examples/pomodoro do, with its server in this process.</summary>
public sealed class PomodoroKeysTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ipcbus-pomodoro-");
    private readonly TaskCompletionSource<View> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PomodoroServer _server = null!;
    private BusNode _node = null!;
    private Keys _keys = null!;
    private View _view = new();

    public async Task InitializeAsync()
    {
        _server = new PomodoroServer(new StateFile(Path.Combine(_directory.FullName, "pomodoro.json")), new TimerRules(), new ManualTime());
        _node = await BusNode.StartAsync(new IpcBusOptions());
        await _node.Bus.RouteAsync(PomodoroRoutes.Service, PomodoroRoutes.Create(_server));
        _keys = new Keys(new PomodoroClient(_node.Bus), change => _told.TrySetResult(change(_view)));
        foreach (var text in (string[])["one", "two"]) _server.Change((state, now) => state.Add(text, now));
        _view = _view.With(_server.State.Todos);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _server.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_todo_is_typed_corrected_and_added()
    {
        Press("athrex");
        Press(ConsoleKey.Backspace);
        Press(ConsoleKey.UpArrow);
        Press("e q");
        Assert.Equal("three q", _view.Draft);
        Press(ConsoleKey.Enter);
        Assert.Null(_view.Draft);
        await HoldsAsync(state => state.Todos[^1].Text == "three q");

        Press("aleft");
        Press(ConsoleKey.Escape);
        Assert.Null(_view.Draft);
        Press("a");
        Press(ConsoleKey.Backspace);
        Press(ConsoleKey.Enter);
        Assert.Null(_view.Draft);
        Assert.Equal(3, _server.State.Todos.Count);
    }

    [Fact]
    public async Task The_selected_todo_is_ticked_off_and_removed()
    {
        Press(ConsoleKey.DownArrow);
        Press("d");
        await HoldsAsync(state => state.Find(2).Done is not null);
        _view = _view.With(_server.State.Todos);
        Press("d");
        await HoldsAsync(state => state.Find(2).Done is null);
        Press(ConsoleKey.UpArrow);
        Press("r");
        await HoldsAsync(state => state.Todos.Count == 1 && state.Todos[0].Id == 2);
    }

    [Fact]
    public async Task The_timer_is_started_for_the_selected_todo_and_paused_skipped_and_stopped()
    {
        await PressAsync(" ", timer => timer is { IsRunning: true, Todo: 1 });
        await PressAsync(" ", timer => timer is { IsRunning: false, Phase: Phase.Work });
        await PressAsync("n", timer => timer.Phase == Phase.Break);
        await PressAsync("x", timer => timer.Phase == Phase.Work);

        async Task PressAsync(string key, Func<TimerView, bool> outcome)
        {
            Press(key);
            await HoldsAsync(_ => outcome(_server.Timer));
            _view = _view with { Timer = _server.Timer };
        }
    }

    [Fact]
    public async Task What_the_server_refuses_is_told()
    {
        _server.Change((state, _) => state.Remove(1));
        Press("d");
        Assert.Equal("There is no todo 1.", (await _told.Task.WaitAsync(ToolProcess.Guard)).Note);
    }

    [Fact]
    public async Task Without_a_server_keys_do_nothing_and_what_was_typed_waits()
    {
        _view = _view with { IsServerAway = true };
        Press("dr xathree");
        Press(ConsoleKey.Enter);
        Assert.Equal("three", _view.Draft);
        _view = _view with { IsServerAway = false };
        Press(ConsoleKey.Enter);
        await HoldsAsync(state => state.Todos.Count == 3);
        Assert.Equal([(1, false), (2, false), (3, false)], _server.State.Todos.Select(todo => (todo.Id, todo.Done is not null)));
        Assert.False(_server.Timer.IsRunning);
    }

    [Fact]
    public void Q_is_the_end_and_other_keys_are_nothing()
    {
        var before = _view;
        Press("ä7Q");
        Press(ConsoleKey.Escape);
        Assert.Same(before, _view);
        Assert.Null(_keys.Press(_view, Key('q'), CancellationToken.None));
    }

    private static ConsoleKeyInfo Key(char key) => new(key, default, shift: false, alt: false, control: false);

    private Task HoldsAsync(Func<PomodoroState, bool> condition) => Eventually.HoldsAsync(() => condition(_server.State), () => string.Join(", ", _server.State.Todos) + _server.Timer);

    private void Press(string keys)
    {
        foreach (var key in keys) _view = _keys.Press(_view, Key(key), CancellationToken.None)!;
    }

    private void Press(ConsoleKey key) => _view = _keys.Press(_view, new ConsoleKeyInfo(key == ConsoleKey.Enter ? '\r' : '\0', key, shift: false, alt: false, control: false), CancellationToken.None)!;
}
