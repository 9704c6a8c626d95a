using System.Text.Json.Serialization;

namespace Pomodoro.Model;

/// <summary>What the timer counts down.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Phase>))]
internal enum Phase
{
    [JsonStringEnumMemberName("work")]
    Work,

    [JsonStringEnumMemberName("break")]
    Break,

    [JsonStringEnumMemberName("long-break")]
    LongBreak,
}

/// <summary>Something to be done.</summary>
internal sealed record Todo(int Id, string Text, DateTimeOffset Created, DateTimeOffset? Done = null);

/// <summary>POST /todos.</summary>
internal sealed record NewTodo(string Text);

/// <summary>PATCH /todos/:id. What is left out stays as it is.</summary>
internal sealed record TodoChange(string? Text = null, bool? Done = null);

/// <summary>POST /timer/start: what the session is for.</summary>
internal sealed record StartRequest(int? Todo = null);

/// <summary>A session that is over: to its end, or broken off.</summary>
internal sealed record Session(int Id, Phase Phase, DateTimeOffset Started, DateTimeOffset Ended, TimeSpan Spent, bool IsComplete, int? Todo = null);

/// <summary>The timer at this moment; <c>Round</c> is the number of work sessions that were completed since the last long break.</summary>
internal sealed record TimerView(Phase Phase, bool IsRunning, TimeSpan Left, TimeSpan Length, int Round, int? Todo = null);

/// <summary>What was done on a day.</summary>
internal sealed record Day(DateOnly Date, int Sessions, int Minutes, int TodosDone);

/// <summary>The topics that the server broadcasts on.</summary>
internal static class Broadcasts
{
    /// <summary>A <see cref="TimerView"/> each second while it runs, and whenever it changes. The bus keeps the last one for whoever comes later.</summary>
    public const string Timer = "pomodoro.timer";

    /// <summary>The <see cref="Session"/> that has come to its end.</summary>
    public const string Alarm = "pomodoro.alarm";

    /// <summary>The todos or the log are not what they were, or the server has just started: read again what you show. No payload.</summary>
    public const string Changed = "pomodoro.changed";
}
