using System.CommandLine;
using Bus.Cli.Execution;
using Bus.Cli.Input;
using Bus.Core;
using Bus.Core.Client;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus broadcast</c>: a message to everybody.</summary>
internal static class BroadcastCommand
{
    public static Command Create()
    {
        var topic = CommonOptions.Topic();
        var payload = new Argument<string?>("payload") { Description = "The payload; read from stdin if there is none, or if it is -", Arity = ArgumentArity.ZeroOrOne };
        var file = CommonOptions.File("Read the payload from this file");
        var except = new Option<string[]>("--except") { Description = "Not to the client of this name; may be given several times", HelpName = "name" };
        except.Validators.Add(result => CommonOptions.Check(result, () =>
        {
            foreach (var token in result.Tokens) SystemTopics.ValidateName(token.Value);
        }));
        var headers = CommonOptions.Headers();
        var bus = new BusOptions();

        var command = new Command("broadcast", "Send a message to every client that has its inbox open. Exits when the bus has it.") { topic, payload, file, except, headers };
        foreach (var option in bus.All) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.Has(file) && result.Has(payload)) result.AddError("Give either a payload or --file, not both.");
        });
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "broadcast", cancellationToken);
            var source = new PayloadSource(parsed.GetValue(payload), parsed.GetValue(file)?.FullName);
            var options = new BroadcastOptions { Except = parsed.GetValue(except) ?? [], Headers = parsed.GetValue(headers) };
            await session.Bus.BroadcastAsync(parsed.GetValue(topic)!, await source.ReadAsync(session.Bus.MaxPayload, cancellationToken), options, cancellationToken);
            await session.FlushAsync(cancellationToken);
            return ExitCode.Ok;
        }));
        return command;
    }
}
