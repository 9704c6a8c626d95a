using System.CommandLine;
using Bus.Core.Client;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;

namespace Pomodoro.Commands;

/// <summary>The command line.</summary>
internal static class PomodoroCommand
{
    /// <summary>Where server and clients meet.</summary>
    private static readonly Option<string> Where = new("--bus") { Description = "The bus: a name or a URL", HelpName = "url", Recursive = true, DefaultValueFactory = _ => "pomodoro" };

    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("A pomodoro timer with todos and statistics. Start the server once with 'pomodoro serve'; everything else talks to it.") { Where };
        Command[] commands = [ServeCommand.Create(), .. TimerCommands.Create(), TodoCommands.Create(), .. ListCommands.Create(), WatchCommand.Create(), TuiCommand.Create()];
        foreach (var command in commands) root.Subcommands.Add(command);
        return root.Parse(args).InvokeAsync();
    }

    public static BusEndpoint Endpoint(ParseResult parsed) => BusEndpoint.Parse(parsed.GetValue(Where)!);

    /// <summary>Work for a command, whose errors become a line and exit code 1.</summary>
    public static void Runs(this Command command, Func<ParseResult, CancellationToken, Task> work) => command.SetAction(async (parsed, cancellationToken) =>
    {
        try
        {
            await work(parsed, cancellationToken);
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how serve, watch and tui end.
            return 0;
        }
        catch (Exception e) when (e is BusException or IOException or InvalidDataException or UnauthorizedAccessException or FormatException)
        {
            var hint = e is BusConnectException or ServiceNotFoundException ? " Is the server running (pomodoro serve)?" : "";
            await Console.Error.WriteLineAsync($"pomodoro: {(e as RemoteErrorException)?.Text ?? e.Message}{hint}");
            return 1;
        }
    });

    /// <summary>Work for a command that asks the server something, which has to be there.</summary>
    public static void Asks(this Command command, Func<PomodoroClient, ParseResult, CancellationToken, Task> work) => command.Runs(async (parsed, cancellationToken) =>
    {
        await using var bus = await BusClient.ConnectAsync(Endpoint(parsed), cancellationToken: cancellationToken);
        await work(new PomodoroClient(bus), parsed, cancellationToken);
    });

    /// <summary>Work for a command that stays: it waits for the server, and goes on when that dies and comes back.</summary>
    public static void Stays(this Command command, Func<IBus, CancellationToken, Task> work) => command.Runs(async (parsed, cancellationToken) =>
    {
        var options = new BusClientOptions { WaitForBus = Timeout.InfiniteTimeSpan, ReconnectMaxDelay = TimeSpan.FromMilliseconds(500) };
        await Console.Error.WriteLineAsync($"pomodoro: connecting to {Endpoint(parsed)}, until Ctrl-C");
        await using var bus = await BusClient.ConnectAsync(Endpoint(parsed), options, cancellationToken);
        await work(bus, cancellationToken);
    });
}
