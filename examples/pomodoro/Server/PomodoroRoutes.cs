using Bus.Core.Client;
using Bus.Core.Routes;
using Pomodoro.Model;

namespace Pomodoro.Server;

/// <summary>What can be asked of the server.</summary>
internal static class PomodoroRoutes
{
    public const string Service = "pomodoro";

    public static BusRouter Create(PomodoroServer server)
    {
        var router = new BusRouter();
        router.Use("/todos", Todos(server));
        router.Use("/timer", Timer(server));
        router.Get("/log", c => c.Response.SendAsync(server.State.Log.Skip(server.State.Log.Count - Count(c, "last", 20, 1000)), c.CancellationToken));
        router.Get("/stats", c => c.Response.SendAsync(server.Days(Count(c, "days", 7, 366)), c.CancellationToken));
        // A full disk, a file that is gone: the caller is told what it is about, and nothing was changed.
        router.Use((c, error) => error is IOException or UnauthorizedAccessException ? c.Response.FailAsync(507, $"It could not be saved: {error.Message}", "not-saved") : c.NextAsync(error));
        return router;
    }

    private static BusRouter Todos(PomodoroServer server)
    {
        var todos = new BusRouter();
        todos.Get("/", c => c.Response.SendAsync(server.State.Todos, c.CancellationToken));
        todos.Get("/:id(int)", c => c.Response.SendAsync(server.State.Find(Id(c)), c.CancellationToken));
        todos.Post("/", c =>
        {
            var text = c.Request.Body<NewTodo?>()?.Text;
            c.Response.Status = 201;
            return c.Response.SendAsync(server.Change((state, now) => state.Add(text, now)).Todos[^1], c.CancellationToken);
        });
        todos.Patch("/:id(int)", c =>
        {
            var change = c.Request.Body<TodoChange?>() ?? new TodoChange();
            return c.Response.SendAsync(server.Change((state, now) => state.Change(Id(c), change, now)).Find(Id(c)), c.CancellationToken);
        });
        todos.Delete("/:id(int)", c =>
        {
            server.Change((state, _) => state.Remove(Id(c)));
            return c.Response.SendAsync(c.CancellationToken);
        });
        return todos;
    }

    private static BusRouter Timer(PomodoroServer server)
    {
        var timer = new BusRouter();
        timer.Get("/", c => c.Response.SendAsync(server.Timer, c.CancellationToken));
        timer.Post("/start", c =>
        {
            var todo = c.Request.Payload.IsEmpty ? null : c.Request.Body<StartRequest?>()?.Todo;
            return AnswerAsync(c, server, (state, now) => TimerRules.Start(state, now, todo));
        });
        timer.Post("/pause", c => AnswerAsync(c, server, TimerRules.Pause));
        timer.Post("/skip", c => AnswerAsync(c, server, server.Rules.Skip));
        timer.Post("/stop", c => AnswerAsync(c, server, server.Rules.Stop));
        return timer;
    }

    private static ValueTask AnswerAsync(RouteContext c, PomodoroServer server, Func<PomodoroState, DateTimeOffset, PomodoroState> change)
    {
        server.Change(change);
        return c.Response.SendAsync(server.Timer, c.CancellationToken);
    }

    private static int Id(RouteContext c) => c.Request.Params.Get<int>("id");

    private static int Count(RouteContext c, string name, int missing, int max) => c.Request.Query.Get(name, missing) is > 0 and var count && count <= max
        ? count
        : throw new RemoteErrorException($"'{name}' is a number from 1 to {max}.", 400, "bad-request");
}
