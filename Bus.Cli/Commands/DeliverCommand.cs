using System.CommandLine;
using Bus.Cli.Execution;
using Bus.Cli.Output;
using Bus.Core;
using Bus.Core.Client;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus deliver</c>: a message to one client by its name, and the result of its handler.</summary>
internal static class DeliverCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The name of the client; 'ipcbus clients' lists them" };
        name.Validators.Add(result => CommonOptions.Check(result, () => SystemTopics.ValidateName(result.Tokens[^1].Value)));
        var payload = new PayloadArgument { MayBeLeftOut = true };
        var topic = new Option<string?>("--topic") { Description = "What it is about; the client gets it on $BUS.TO.name.topic", HelpName = "topic" };
        topic.Validators.Add(result => CommonOptions.Check(result, () => Core.Topic.Validate(result.Tokens[^1].Value)));
        var headers = CommonOptions.Headers();
        var timeout = new TimeOption("--timeout", "How long the client may take; connecting may take no longer either, but at least 5s", RequestOptions.DefaultTimeout) { Aliases = { "-t" } };
        var retry = new Option<bool>("--retry") { Description = "Send it again, within the timeout, when a connection is lost; the client does not handle it twice" };
        var json = new Option<bool>("--json", "-j") { Description = "Print the answer as a JSON object: client, headers, payload (or payload_base64)" };
        var exact = new Option<bool>("--no-newline") { Description = "Print the result's bytes without a line feed behind them" };
        var bus = new BusOptions();

        var command = new Command("deliver", "Send a message to one client by its name, wait until it has handled it, and print the result if there is one. Exits with 3 if nobody has the name, or has no inbox open, with 4 if it is not handled in time.") { name, payload.Text, payload.File, topic, headers, timeout, retry, json, exact };
        foreach (var option in bus.All) command.Options.Add(option);
        payload.Validate(command);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "deliver", cancellationToken, RequestCommand.Patience(timeout.Of(parsed)));
            var source = payload.Of(parsed);
            var options = new DeliverOptions { Topic = parsed.GetValue(topic), Headers = parsed.GetValue(headers), Timeout = timeout.Of(parsed), SafeToRetry = parsed.GetValue(retry) };
            var message = await source.ReadAsync(session.Bus.MaxPayload, cancellationToken);
            var result = await session.Bus.DeliverMessageAsync<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>(parsed.GetValue(name)!, message, options, cancellationToken);
            // That it is handled is all that most have to say: then a script need not throw an empty line away.
            if (parsed.GetValue(json) || !result.Payload.IsEmpty) ReplyPrinter.Print(result, "client", parsed.GetValue(name)!, parsed.GetValue(json), newline: !parsed.GetValue(exact));
            return ExitCode.Ok;
        }));
        return command;
    }
}
