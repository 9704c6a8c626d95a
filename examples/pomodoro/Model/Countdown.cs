namespace Pomodoro.Model;

/// <summary>The timer as it is kept. While it runs there is the time of its end, by the clock of the wall, so that it goes on without a server.</summary>
internal sealed record Countdown
{
    public Phase Phase { get; init; }

    public TimeSpan Length { get; init; }

    /// <summary>How much is left while it does not run.</summary>
    public TimeSpan Left { get; init; }

    /// <summary>When it will be over. Null: it does not run.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>When it was started for the first time. Null: it was not yet.</summary>
    public DateTimeOffset? Started { get; init; }

    public int Round { get; init; }

    public int? Todo { get; init; }

    public static Countdown Waiting(Phase phase, TimeSpan length, int round, int? todo = null) => new() { Phase = phase, Length = length, Left = length, Round = round, Todo = todo };

    /// <summary>How much is left; never more than all of it, also if somebody sets the clock back.</summary>
    public TimeSpan LeftAt(DateTimeOffset now) => EndsAt is { } end ? TimeSpan.FromTicks(Math.Clamp((end - now).Ticks, 0, Length.Ticks)) : Left;

    public TimerView At(DateTimeOffset now) => new(Phase, EndsAt is not null, LeftAt(now), Length, Round, Todo);
}
