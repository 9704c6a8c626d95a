using System.Collections.Immutable;

namespace Pomodoro.Model;

/// <summary>All that is kept. Never changed: each change makes another one, which counts as soon as it is in the file.</summary>
internal sealed record PomodoroState
{
    public ImmutableList<Todo> Todos { get; init; } = [];

    public ImmutableList<Session> Log { get; init; } = [];

    /// <summary>The last number that a todo was given; none is given twice.</summary>
    public int LastTodo { get; init; }

    public Countdown Timer { get; init; } = new();

    /// <summary>The last days, the oldest first.</summary>
    public IReadOnlyList<Day> Days(int count, DateTimeOffset now, TimeZoneInfo zone)
    {
        DateOnly DateOf(DateTimeOffset time) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, zone).DateTime);
        var today = DateOf(now);
        var work = Log.Where(session => session.Phase == Phase.Work).ToLookup(session => DateOf(session.Ended));
        var done = Todos.Where(todo => todo.Done is not null).CountBy(todo => DateOf(todo.Done!.Value)).ToDictionary();
        return [.. Enumerable.Range(1 - count, count).Select(today.AddDays).Select(date => new Day(
            date,
            work[date].Count(session => session.IsComplete),
            (int)Math.Round(work[date].Sum(session => session.Spent.TotalMinutes)),
            done.GetValueOrDefault(date)))];
    }
}
