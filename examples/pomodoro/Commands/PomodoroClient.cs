using Bus.Core.Client;
using Bus.Core.Routes;
using Pomodoro.Model;
using Pomodoro.Server;

namespace Pomodoro.Commands;

/// <summary>The server, seen from elsewhere.</summary>
internal sealed class PomodoroClient(IBus bus)
{
    private readonly RouteClient _routes = bus.Routes(PomodoroRoutes.Service);

    public Task<TimerView> TimerAsync(CancellationToken cancellationToken) => _routes.GetAsync<TimerView>("/timer", cancellationToken: cancellationToken);

    public Task<TimerView> StartAsync(int? todo, CancellationToken cancellationToken) => _routes.PostAsync<StartRequest, TimerView>("/timer/start", new StartRequest(todo), cancellationToken: cancellationToken);

    /// <summary>One of pause, skip and stop.</summary>
    public Task<TimerView> PressAsync(string button, CancellationToken cancellationToken) => _routes.PostAsync<StartRequest, TimerView>($"/timer/{button}", new StartRequest(), cancellationToken: cancellationToken);

    public Task<Todo[]> TodosAsync(CancellationToken cancellationToken) => _routes.GetAsync<Todo[]>("/todos", cancellationToken: cancellationToken);

    public Task<Todo> AddAsync(string text, CancellationToken cancellationToken) => _routes.PostAsync<NewTodo, Todo>("/todos", new NewTodo(text), cancellationToken: cancellationToken);

    public Task<Todo> ChangeAsync(int id, TodoChange change, CancellationToken cancellationToken) => _routes.PatchAsync<TodoChange, Todo>($"/todos/{id}", change, cancellationToken: cancellationToken);

    public Task RemoveAsync(int id, CancellationToken cancellationToken) => _routes.DeleteAsync<Todo?>($"/todos/{id}", cancellationToken: cancellationToken);

    public Task<Session[]> LogAsync(int last, CancellationToken cancellationToken) => _routes.GetAsync<Session[]>($"/log?last={last}", cancellationToken: cancellationToken);

    public Task<Day[]> StatsAsync(int days, CancellationToken cancellationToken) => _routes.GetAsync<Day[]>($"/stats?days={days}", cancellationToken: cancellationToken);
}
