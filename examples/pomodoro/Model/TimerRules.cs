using Bus.Core.Client;

namespace Pomodoro.Model;

/// <summary>How long everything takes, and what the buttons of the timer do.</summary>
internal sealed record TimerRules
{
    public TimeSpan Work { get; init; } = TimeSpan.FromMinutes(25);

    public TimeSpan Break { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan LongBreak { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>After so many work sessions the break is a long one.</summary>
    public int Rounds { get; init; } = 4;

    /// <summary>A state from the file, perhaps of a server that had other rules: what has not begun yet has the length that it has now.</summary>
    public PomodoroState Adopt(PomodoroState state) => state.Timer.Started is null ? state with { Timer = Waiting(state.Timer.Phase, state.Timer.Round, state.Timer.Todo) } : state;

    public static PomodoroState Start(PomodoroState state, DateTimeOffset now, int? todo)
    {
        var timer = state.Timer;
        if (timer.EndsAt is not null) throw new RemoteErrorException("The timer runs already.", 409, "runs-already");
        if (todo is { } id && !state.Todos.Exists(t => t.Id == id)) throw TodoRules.NoSuchTodo(id);
        return state with { Timer = timer with { EndsAt = now + timer.Left, Started = timer.Started ?? now, Todo = todo ?? timer.Todo } };
    }

    public static PomodoroState Pause(PomodoroState state, DateTimeOffset now)
    {
        if (state.Timer.EndsAt is null) throw new RemoteErrorException("The timer does not run.", 409, "does-not-run");
        return state with { Timer = state.Timer with { Left = state.Timer.LeftAt(now), EndsAt = null } };
    }

    /// <summary>Breaks off what there is and goes on to what comes next.</summary>
    public PomodoroState Skip(PomodoroState state, DateTimeOffset now) => End(state, now, isComplete: false, Next(state.Timer, isComplete: false));

    /// <summary>Breaks off what there is and begins anew.</summary>
    public PomodoroState Stop(PomodoroState state, DateTimeOffset now) => End(state, now, isComplete: false, Waiting(Phase.Work, 0, null));

    /// <summary>Ends what is over.</summary>
    public PomodoroState Expire(PomodoroState state, DateTimeOffset now) =>
        state.Timer.EndsAt is { } end && end <= now ? End(state, end, isComplete: true, Next(state.Timer, isComplete: true)) : state;

    private static PomodoroState End(PomodoroState state, DateTimeOffset at, bool isComplete, Countdown next)
    {
        var timer = state.Timer;
        if (timer.Started is not { } started) return state with { Timer = next };
        var session = new Session(state.Log.Count + 1, timer.Phase, started, at, timer.Length - timer.LeftAt(at), isComplete, timer.Phase == Phase.Work ? timer.Todo : null);
        return state with { Log = state.Log.Add(session), Timer = next };
    }

    private Countdown Next(Countdown timer, bool isComplete)
    {
        if (timer.Phase != Phase.Work) return Waiting(Phase.Work, timer.Phase == Phase.LongBreak ? 0 : timer.Round, timer.Todo);
        var round = timer.Round + (isComplete ? 1 : 0);
        return Waiting(round >= Rounds ? Phase.LongBreak : Phase.Break, round, timer.Todo);
    }

    private Countdown Waiting(Phase phase, int round, int? todo) =>
        Countdown.Waiting(phase, phase switch { Phase.Work => Work, Phase.Break => Break, _ => LongBreak }, round, todo);
}
