using System.CommandLine;
using Pomodoro.Tui;
using Spectre.Console;

namespace Pomodoro.Commands;

/// <summary>What was done.</summary>
internal static class ListCommands
{
    public static Command[] Create() => [Log(), Stats()];

    private static Command Log()
    {
        var last = new Option<int>("--last") { Description = "How many sessions", DefaultValueFactory = _ => 20 };
        var command = new Command("log", "Show the last sessions.") { last };
        command.Asks(async (server, parsed, cancellationToken) =>
        {
            foreach (var session in await server.LogAsync(parsed.GetValue(last), cancellationToken)) await Console.Out.WriteLineAsync(Words.Of(session));
        });
        return command;
    }

    private static Command Stats()
    {
        var days = new Option<int>("--days") { Description = "How many days", DefaultValueFactory = _ => 7 };
        var command = new Command("stats", "Show what was done on each day.") { days };
        command.Asks(async (server, parsed, cancellationToken) => AnsiConsole.Write(Charts.Of(await server.StatsAsync(parsed.GetValue(days), cancellationToken))));
        return command;
    }
}
