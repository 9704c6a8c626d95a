using System.CommandLine;
using Bus.Cli.Execution;
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
        var payload = new PayloadArgument();
        var topic = new Option<string?>("--topic") { Description = "What it is about; the client gets it on $BUS.TO.name.topic", HelpName = "topic" };
        topic.Validators.Add(result => CommonOptions.Check(result, () => Core.Topic.Validate(result.Tokens[^1].Value)));
        var headers = CommonOptions.Headers();
        var bus = new BusOptions();

        var command = new Command("send", "Send a message to one client by its name. Exits with 3 if nobody has the name, or has no inbox open.") { name, payload.Text, payload.File, topic, headers };
        foreach (var option in bus.All) command.Options.Add(option);
        payload.Validate(command);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "send", cancellationToken);
            var source = payload.Of(parsed);
            var options = new SendOptions { Topic = parsed.GetValue(topic), Headers = parsed.GetValue(headers) };
            await session.Bus.SendAsync(parsed.GetValue(name)!, await source.ReadAsync(session.Bus.MaxPayload, cancellationToken), options, cancellationToken);
            return ExitCode.Ok;
        }));
        return command;
    }
}
