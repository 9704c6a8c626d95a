using System.CommandLine;
using Bus.Cli.Execution;
using Bus.Core.Client;

namespace Bus.Cli.Commands;

/// <summary>A command that asks the bus one question: it prints the answer for people, or as the bus sent it.</summary>
internal static class ReportCommand
{
    /// <param name="name">What the user types.</param>
    /// <param name="description">For the help.</param>
    /// <param name="topic">Where the bus answers with a JSON object.</param>
    /// <param name="ask">Asks for the same to be printed for people.</param>
    /// <param name="lines">What is printed of it.</param>
    public static Command Create<T>(string name, string description, string topic, Func<IBus, CancellationToken, Task<T>> ask, Func<T, IEnumerable<string>> lines)
    {
        var json = new Option<bool>("--json", "-j") { Description = "Print the JSON object that the bus sent" };
        var bus = new BusOptions();
        var command = new Command(name, description) { json };
        foreach (var option in bus.All) command.Options.Add(option);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, name, cancellationToken);
            IEnumerable<string> report = parsed.GetValue(json)
                ? [await session.Bus.RequestAsync<string, string>(topic, "", timeout: null, cancellationToken)]
                : lines(await ask(session.Bus, cancellationToken));
            foreach (var line in report) await Console.Out.WriteLineAsync(line);
            return ExitCode.Ok;
        }));
        return command;
    }
}
