using Pomodoro.Model;
using Pomodoro.Tui;
using Spectre.Console;

namespace Bus.Tests.EndToEnd;

/// <summary>What the terminal UI of examples/pomodoro draws.</summary>
public sealed class PomodoroScreenTests
{
    private static readonly View Some = new View
    {
        Timer = new TimerView(Phase.Work, IsRunning: true, TimeSpan.FromSeconds(1234.5), TimeSpan.FromMinutes(25), Round: 2, Todo: 2),
        Days = [new Day(new DateOnly(2026, 11, 20), 3, 75, 1), new Day(new DateOnly(2026, 11, 21), 7, 180, 4)],
    }.With([new Todo(1, "sweep", default, DateTimeOffset.UnixEpoch), new Todo(2, "[red]write[/]", default), new Todo(3, "read", default)]);

    [Fact]
    public void Everything_is_on_one_screen()
    {
        var lines = Draw(Some).Split('\n');
        var all = string.Join('\n', lines);
        Assert.Contains("work 20:35 runs", all, StringComparison.Ordinal);
        // Text is text: no markup of ours.
        Assert.Contains("round 3: [red]write[/]", all, StringComparison.Ordinal);
        Assert.Contains(">  2 [ ] [red]write[/]", all, StringComparison.Ordinal);
        // What is done stands last.
        Assert.True(all.IndexOf("  3 [ ] read", StringComparison.Ordinal) < all.IndexOf("  1 [x] sweep", StringComparison.Ordinal));
        Assert.Contains("space start/pause", all, StringComparison.Ordinal);
        var (friday, saturday) = (Bar("Fri 20 Nov"), Bar("Sat 21 Nov"));
        Assert.EndsWith("75", friday.TrimEnd(' ', '│'), StringComparison.Ordinal);
        Assert.EndsWith("180", saturday.TrimEnd(' ', '│'), StringComparison.Ordinal);
        Assert.True(saturday.Count(c => c == '█') > friday.Count(c => c == '█'));

        string Bar(string day) => Array.Find(lines, line => line.Contains(day, StringComparison.Ordinal))![60..];
    }

    [Fact]
    public void An_absent_server_is_told_and_what_was_last_heard_stays()
    {
        Assert.Contains("waiting for the server", Draw(new View()), StringComparison.Ordinal);
        var away = Draw(Some with { IsServerAway = true });
        Assert.Contains("work 20:35 as last heard", away, StringComparison.Ordinal);
        Assert.Contains("The server is away", away, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_list_shows_the_part_with_the_selected_todo()
    {
        var view = Some.With(Enumerable.Range(1, 100).Select(id => new Todo(id, $"todo number {id}", default)));
        for (var i = 0; i < 50; i++) view = view.Move(1);
        var all = Draw(view);
        Assert.InRange(all.TrimEnd('\n').Split('\n').Length, 10, 24);
        Assert.Contains("> 52 [ ] todo number 52", all, StringComparison.Ordinal);
        Assert.DoesNotContain("todo number 99", all, StringComparison.Ordinal);
        Assert.Equal(1, view.Move(-1000).Selected);
        Assert.Equal(100, view.Move(1000).Selected);
        // Gone, it is no longer selected.
        Assert.Equal(3, view.With([new Todo(3, "c", default)]).Selected);
    }

    private static string Draw(View view)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = 120;
        console.Profile.Capabilities.Unicode = true;
        console.Write(Dashboard.Of(view));
        return writer.ToString();
    }
}
