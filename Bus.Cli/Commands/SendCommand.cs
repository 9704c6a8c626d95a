using System.CommandLine;
using Bus.Cli.Execution;
using Bus.Cli.Input;
using Bus.Core;
using Bus.Core.Client;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus send</c>: a message to one client by its name.</summary>
internal static class SendCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The name of the client; 'ipcbus clients' lists them" };
        name.Validators.Add(result => CommonOptions.Check(result, () => SystemTopics.ValidateName(result.Tokens[^1].Value)));
        var payload = new Argument<string?>("payload") { Description = "The payload; read from stdin if there is none, or if it is -", Arity = ArgumentArity.ZeroOrOne };
        var file = CommonOptions.File("Read the payload from this file");
        var topic = new Option<string?>("--topic") { Description = "What it is about; the client gets it on $BUS.TO.name.topic", HelpName = "topic" };
        topic.Validators.Add(result => CommonOptions.Check(result, () => Core.Topic.Validate(result.Tokens[^1].Value)));
        var headers = CommonOptions.Headers();
        var bus = new BusOptions();

        var command = new Command("send", "Send a message to one client by its name. Exits with 3 if nobody has the name, or has no inbox open.") { name, payload, file, topic, headers };
        foreach (var option in bus.All) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.Has(file) && result.Has(payload)) result.AddError("Give either a payload or --file, not both.");
        });
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "send", cancellationToken);
            var source = new PayloadSource(parsed.GetValue(payload), parsed.GetValue(file)?.FullName);
            var options = new SendOptions { Topic = parsed.GetValue(topic), Headers = parsed.GetValue(headers) };
            await session.Bus.SendAsync(parsed.GetValue(name)!, await source.ReadAsync(session.Bus.MaxPayload, cancellationToken), options, cancellationToken);
            return ExitCode.Ok;
        }));
        return command;
    }
}
