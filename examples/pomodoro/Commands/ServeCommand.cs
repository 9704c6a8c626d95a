using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Bus.Core;
using Bus.Core.Hosting;
using Bus.Core.Routes;
using Bus.Transport.Hosting;
using Pomodoro.Model;
using Pomodoro.Server;

namespace Pomodoro.Commands;

/// <summary><c>pomodoro serve</c>: the server, with a bus of its own.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var rules = new TimerRules();
        var file = new Option<string>("--data") { Description = "The file in which everything is kept", HelpName = "path", DefaultValueFactory = _ => DefaultFile };
        var work = Duration("--work", "Length of a work session", rules.Work);
        var pause = Duration("--break", "Length of a break", rules.Break);
        var longBreak = Duration("--long-break", "Length of the break after four work sessions", rules.LongBreak);
        var command = new Command("serve", "Run the server until Ctrl-C.") { file, work, pause, longBreak };
        command.Runs((parsed, cancellationToken) =>
        {
            var chosen = new TimerRules { Work = parsed.GetValue(work), Break = parsed.GetValue(pause), LongBreak = parsed.GetValue(longBreak) };
            return ServeAsync(parsed, new StateFile(parsed.GetValue(file)!), chosen, cancellationToken);
        });
        return command;
    }

    private static string DefaultFile => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "pomodoro", "pomodoro.json");

    private static async Task ServeAsync(ParseResult parsed, StateFile file, TimerRules rules, CancellationToken cancellationToken)
    {
        // Whoever comes later finds the timer; who is too slow for it misses some seconds, and holds up nobody.
        var timer = new TopicDeclaration { Name = Broadcasts.Timer, Policy = new TopicPolicy { Retain = true, WhenSlow = SlowSubscriberAction.Drop } };
        await using var listener = await BusListener.StartAsync([PomodoroCommand.Endpoint(parsed)], new IpcBusOptions { Name = "pomodoro", Topics = [timer] }, cancellationToken: cancellationToken);
        // The address is ours, so there is no second server to write the same file.
        using var server = new PomodoroServer(file, rules, TimeProvider.System);
        var bus = listener.Node.Bus;
        await using var service = await bus.RouteAsync(PomodoroRoutes.Service, PomodoroRoutes.Create(server), cancellationToken: cancellationToken);
        await Console.Out.WriteLineAsync($"pomodoro: ready on {listener.Endpoints[0]}, keeps everything in {file.Path}");
        await server.BroadcastAsync(bus, cancellationToken);
    }

    private static Option<TimeSpan> Duration(string name, string description, TimeSpan usual) => new(name)
    {
        Description = $"{description}, such as 90s, 25m or 1h",
        HelpName = "time",
        DefaultValueFactory = _ => usual,
        CustomParser = Parse,
    };

    private static TimeSpan Parse(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        var unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        if (unit > 0 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 10_000) return TimeSpan.FromSeconds((long)number * unit);
        result.AddError($"'{text}' is not a time: write 90s, 25m or 1h.");
        return default;
    }
}
