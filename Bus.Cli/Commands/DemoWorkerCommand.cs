using System.CommandLine;
using Bus.Cli.Demo.Workers;
using Bus.Cli.Execution;

namespace Bus.Cli.Commands;

/// <summary>The processes that <c>ipcbus demo</c> starts. Hidden: they speak to their parent on stdin and stdout.</summary>
internal static class DemoWorkerCommand
{
    public static Command Create()
    {
        var bus = new BusOptions();
        var role = new Argument<string>("role");
        var file = new Option<string>("--file") { DefaultValueFactory = _ => "" };
        var rate = new Option<int>("--rate");
        var filter = new Option<string>("--filter") { DefaultValueFactory = _ => "" };
        var queue = new Option<string?>("--queue");
        var command = new Command("demo-worker") { role, file, rate, filter, queue };
        foreach (var option in bus.All) command.Options.Add(option);
        command.Hidden = true;
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            using var channel = new WorkerChannel(cancellationToken);
            await using var session = await bus.OpenAsync(parsed, $"demo {parsed.GetValue(role)}", cancellationToken);
            await (parsed.GetValue(role) switch
            {
                "publisher" => new PublisherWorker(session.Bus, channel, parsed.GetValue(file)!, parsed.GetValue(rate)).RunAsync(),
                "subscriber" => new SubscriberWorker(session.Bus, channel, parsed.GetValue(filter)!, parsed.GetValue(queue)).RunAsync(),
                _ => new ServiceWorker(session.Bus, channel).RunAsync(),
            });
            return ExitCode.Ok;
        }));
        return command;
    }
}
