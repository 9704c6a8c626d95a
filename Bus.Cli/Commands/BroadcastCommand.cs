using System.CommandLine;
using Bus.Cli.Execution;
using Bus.Core;
using Bus.Core.Client;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus broadcast</c>: a message to everybody.</summary>
internal static class BroadcastCommand
{
    public static Command Create()
    {
        var topic = CommonOptions.Topic();
        var payload = new PayloadArgument();
        var except = new Option<string[]>("--except") { Description = "Not to the client of this name; may be given several times", HelpName = "name" };
        except.Validators.Add(result => CommonOptions.Check(result, () =>
        {
            foreach (var token in result.Tokens) SystemTopics.ValidateName(token.Value);
        }));
        var headers = CommonOptions.Headers();
        var bus = new BusOptions();

        var command = new Command("broadcast", "Send a message to every client that has its inbox open. Exits when the bus has it.") { topic, payload.Text, payload.File, except, headers };
        foreach (var option in bus.All) command.Options.Add(option);
        payload.Validate(command);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "broadcast", cancellationToken);
            var source = payload.Of(parsed);
            var options = new BroadcastOptions { Except = parsed.GetValue(except) ?? [], Headers = parsed.GetValue(headers) };
            await session.Bus.BroadcastAsync(parsed.GetValue(topic)!, await source.ReadAsync(session.Bus.MaxPayload, cancellationToken), options, cancellationToken);
            await session.FlushAsync(cancellationToken);
            return ExitCode.Ok;
        }));
        return command;
    }
}
