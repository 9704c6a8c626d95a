using System.CommandLine;
using Bus.Cli.Execution;
using Bus.Cli.Publishing;
using Bus.Core.Client;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus pub</c>: publishes one message, or every line of the input.</summary>
internal static class PubCommand
{
    public static Command Create()
    {
        var topic = CommonOptions.Topic();
        var payload = new PayloadArgument("Read the payload, or with --lines the lines, from this file");
        var lines = new Option<bool>("--lines", "-l") { Description = "Publish each line of the input as a message of its own, without its line feed" };
        var headers = CommonOptions.Headers();
        var replyTo = CommonOptions.ReplyTo();
        var count = CommonOptions.Count("Publish the message this many times. Default: 1");
        var confirm = new Option<bool>("--confirm") { Description = "Wait for the bus to confirm each message, and print how many subscriptions got it" };
        var retain = new Option<bool>("--retain") { Description = "Keep it as the last value of the topic, for late subscribers; an empty payload clears that" };
        var bus = new BusOptions();

        var command = new Command("pub", "Publish to a topic. Exits when the bus has all of it.") { topic, payload.Text, payload.File, lines, headers, replyTo, count, confirm, retain };
        foreach (var option in bus.All) command.Options.Add(option);
        payload.Validate(command);
        command.Validators.Add(result =>
        {
            if (result.Has(lines) && result.Has(count)) result.AddError("--count cannot be combined with --lines.");
            if (result.Has(retain) && result.Has(replyTo)) result.AddError("--retain cannot be combined with --reply-to.");
            if (result.Has(confirm) && result.Has(replyTo)) result.AddError("--confirm cannot be combined with --reply-to: the confirmation is the reply.");
            if (result.Has(lines) && result.GetResult(payload.Text) is { Tokens: [{ Value: not "-" }] }) result.AddError("With --lines the payloads come from stdin or --file, not from an argument.");
        });
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "pub", cancellationToken);
            var options = new PublishOptions { Headers = parsed.GetValue(headers), ReplyTo = parsed.GetValue(replyTo), Retain = parsed.GetValue(retain) };
            var publisher = new Publisher(session, parsed.GetValue(topic)!, options, parsed.GetValue(confirm));
            var source = payload.Of(parsed);
            if (parsed.GetValue(lines)) await publisher.PublishLinesAsync(source, cancellationToken);
            else await publisher.PublishAsync(source, Math.Max(1, parsed.GetValue(count)), cancellationToken);
            return ExitCode.Ok;
        }));
        return command;
    }
}
