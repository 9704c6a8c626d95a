using Bus.Core.Routes;
using Bus.Tests.Core.Calls;
using Pomodoro.Model;
using Pomodoro.Server;

namespace Bus.Tests.EndToEnd;

/// <summary>The server of examples/pomodoro without a bus, on a clock that stands still.</summary>
public sealed class PomodoroServerTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ipcbus-pomodoro-");
    private readonly ManualTime _time = new();

    public PomodoroServerTests() => _time.Advance(TimeSpan.FromDays(700_000) + TimeSpan.FromHours(12));

    private StateFile File => new(Path.Combine(_directory.FullName, "pomodoro.json"));

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Four_sessions_of_work_with_breaks_between_them_earn_a_long_break()
    {
        using var server = Server();
        var router = PomodoroRoutes.Create(server);
        var seen = new List<Phase>();
        for (var i = 0; i < 9; i++)
        {
            var timer = (await router.DispatchAsync("POST", "/timer/start")).Read<TimerView>();
            Assert.True(timer.IsRunning);
            seen.Add(timer.Phase);
            // The timer comes by itself, each second and at the end.
            for (var left = timer.Left; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1)) _time.Advance(TimeSpan.FromSeconds(1));
            Assert.False(server.Timer.IsRunning);
        }

        Assert.Equal([Phase.Work, Phase.Break, Phase.Work, Phase.Break, Phase.Work, Phase.Break, Phase.Work, Phase.LongBreak, Phase.Work], seen);
        Assert.All(server.State.Log, session => Assert.True(session.IsComplete));
        Assert.Equal(1, server.Timer.Round);
        Assert.Equal(new Day(DateOnly.FromDateTime(_time.GetUtcNow().DateTime), 5, 125, 0), server.State.Days(7, _time.GetUtcNow(), TimeZoneInfo.Utc)[^1]);
    }

    [Fact]
    public void A_pause_takes_no_time_from_the_session()
    {
        using var server = Server();
        server.Change((state, now) => TimerRules.Start(state, now, null));
        _time.Advance(10 * Minute);
        server.Change(TimerRules.Pause);
        _time.Advance(60 * Minute);
        Assert.Equal(15 * Minute, server.Timer.Left);
        server.Change((state, now) => TimerRules.Start(state, now, null));
        _time.Advance(5 * Minute);
        server.Change(server.Rules.Stop);
        var session = Assert.Single(server.State.Log);
        Assert.Equal((15 * Minute, false), (session.Spent, session.IsComplete));
    }

    [Fact]
    public void What_ended_while_there_was_no_server_is_in_the_log_of_the_next_one_at_its_own_time()
    {
        DateTimeOffset end;
        using (var server = Server())
        {
            server.Change((state, now) => TimerRules.Start(state, now, null));
            end = server.State.Timer.EndsAt!.Value;
        }

        _time.Advance(60 * Minute);
        using var next = Server();
        next.Change((state, now) => state.Add("something", now));
        var session = Assert.Single(next.State.Log);
        Assert.Equal((end, 25 * Minute, true), (session.Ended, session.Spent, session.IsComplete));
        Assert.Equal((Phase.Break, false), (next.Timer.Phase, next.Timer.IsRunning));
    }

    [Fact]
    public async Task Todos_are_added_changed_and_removed_and_each_change_is_in_the_file_when_it_is_answered()
    {
        using var server = Server();
        var router = PomodoroRoutes.Create(server);
        var made = await router.DispatchAsync("POST", "/todos", new NewTodo(" one "));
        Assert.Equal((201, "one"), (made.Status, made.Read<Todo>().Text));
        await router.DispatchAsync("POST", "/todos", new NewTodo("two"));
        Assert.NotNull((await router.DispatchAsync("PATCH", "/todos/1", new TodoChange(Done: true))).Read<Todo>().Done);
        Assert.Equal("second", (await router.DispatchAsync("PATCH", "/todos/2", new TodoChange("second"))).Read<Todo>().Text);
        Assert.Equal([(1, "one", true), (2, "second", false)], File.Load().Todos.Select(todo => (todo.Id, todo.Text, todo.Done is not null)));
        Assert.False((await router.DispatchAsync("DELETE", "/todos/2")).IsError);
        Assert.Equal(3, (await router.DispatchAsync("POST", "/todos", new NewTodo("a number is given once"))).Read<Todo>().Id);
        Assert.Equal([1, 3], File.Load().Todos.Select(todo => todo.Id));
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_an_error_of_its_own_and_changes_nothing()
    {
        using var server = Server();
        var router = PomodoroRoutes.Create(server);
        var before = server.State;
        Assert.Equal((404, "not-found"), await ErrorAsync("DELETE", "/todos/7"));
        Assert.Equal((404, "not-found"), await ErrorAsync("GET", "/todos/seven"));
        Assert.Equal((409, "does-not-run"), await ErrorAsync("POST", "/timer/pause"));
        Assert.Equal((400, "bad-request"), await ErrorAsync("GET", "/stats?days=0"));
        Assert.Equal((400, "bad-request"), await ErrorAsync("GET", "/log?last=many"));
        foreach (var text in (string[])["", " ", "\u001b[2J", new string('x', 201)]) Assert.Equal((400, "bad-request"), Error(await router.DispatchAsync("POST", "/todos", new NewTodo(text))));
        Assert.Equal((400, "bad-request"), Error(await router.DispatchAsync("POST", "/todos", "null")));
        Assert.Equal((400, "bad-request"), Error(await router.DispatchAsync("POST", "/todos", "{")));

        // Where the file was to be written first there is a directory now.
        Directory.CreateDirectory(File.Path + ".new");
        Assert.Equal((507, "not-saved"), Error(await router.DispatchAsync("POST", "/todos", new NewTodo("one"))));
        Assert.Equal((507, "not-saved"), await ErrorAsync("POST", "/timer/start"));
        Assert.Same(before, server.State);

        async Task<(int, string?)> ErrorAsync(string verb, string path) => Error(await router.DispatchAsync(verb, path));
        static (int, string?) Error(RouteAnswer answer) => (answer.Error!.Code, answer.Error.Error);
    }

    private PomodoroServer Server() => new(File, new TimerRules(), _time);
}
