using System.CommandLine;

namespace Pomodoro.Commands;

/// <summary>The timer.</summary>
internal static class TimerCommands
{
    public static Command[] Create() =>
    [
        Start(),
        Press("pause", "Hold the timer; start goes on."),
        Press("skip", "Break off this session and go on to the next one."),
        Press("stop", "Break off this session and begin anew."),
        Status(),
    ];

    private static Command Start()
    {
        var todo = new Argument<int?>("todo") { Description = "The number of the todo that it is for", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("start", "Start the timer, or go on.") { todo };
        command.Asks(async (server, parsed, cancellationToken) => await Console.Out.WriteLineAsync(Words.Of(await server.StartAsync(parsed.GetValue(todo), cancellationToken))));
        return command;
    }

    private static Command Press(string button, string description)
    {
        var command = new Command(button, description);
        command.Asks(async (server, _, cancellationToken) => await Console.Out.WriteLineAsync(Words.Of(await server.PressAsync(button, cancellationToken))));
        return command;
    }

    private static Command Status()
    {
        var command = new Command("status", "Show the timer.");
        command.Asks(async (server, _, cancellationToken) => await Console.Out.WriteLineAsync(Words.Of(await server.TimerAsync(cancellationToken))));
        return command;
    }
}
