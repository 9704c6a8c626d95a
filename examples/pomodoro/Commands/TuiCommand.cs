using System.CommandLine;
using Pomodoro.Tui;
using Spectre.Console;

namespace Pomodoro.Commands;

/// <summary><c>pomodoro tui</c>: everything on one screen.</summary>
internal static class TuiCommand
{
    public static Command Create()
    {
        var command = new Command("tui", "Show timer, todos and statistics, live. Keys are shown at the bottom.");
        command.Stays((bus, cancellationToken) => new Screen(bus, AnsiConsole.Console, new Keyboard()).RunAsync(cancellationToken));
        return command;
    }
}
