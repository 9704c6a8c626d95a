using System.CommandLine;
using System.CommandLine.Parsing;
using Bus.Cli.Execution;
using Bus.Cli.Output;
using Bus.Cli.Subscribing;
using Bus.Core;
using Bus.Transport.Client;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus inbox</c>: takes a name and shows what is sent to it, and broadcasts.</summary>
internal static class InboxCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The name to have on the bus while this runs" };
        name.Validators.Add(result => CommonOptions.Check(result, () => SystemTopics.ValidateName(result.Tokens[^1].Value)));
        var takeOver = new Option<bool>("--take-over") { Description = "Close whoever has the name now" };
        var will = new Option<LastWill?>("--will") { Description = "What the bus is to publish when this process dies without ending in order", HelpName = "topic=payload", CustomParser = ParseWill };
        var count = CommonOptions.Count("End after this many messages; exits with 1 if others in between were lost");
        var json = new Option<bool>("--json", "-j") { Description = "Print one JSON object a line: topic, reply_to, headers, payload (or payload_base64)" };
        var quiet = CommonOptions.Quiet();
        var buffer = new BufferOptions();
        var bus = new BusOptions();

        var command = new Command("inbox", "Take a name and print what is sent to it, and broadcasts, until Ctrl-C.") { name, takeOver, will, count, json, quiet };
        foreach (var option in buffer.All.Concat(bus.All)) command.Options.Add(option);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            using var output = StandardOutput.Open();
            using var jsonWriter = new JsonMessageWriter();
            IMessageWriter writer = parsed.GetValue(json) ? jsonWriter : new HumanMessageWriter(TerminalColour.OnStandardOutput);
            await using var session = await bus.OpenAsync(parsed, "inbox", cancellationToken, configure: options => options with { Name = parsed.GetValue(name), TakeOverName = parsed.GetValue(takeOver), Will = parsed.GetValue(will) });
            var inbox = SystemTopics.InboxOf(session.Bus.Name);
            return await new MessagePrinter(session, writer, output).RunAsync([inbox, $"{inbox}.>", SystemTopics.Broadcasts], buffer.Read(parsed), parsed.GetValue(count), parsed.GetValue(quiet), cancellationToken, $"what is sent to '{session.Bus.Name}', and broadcasts,");
        }));
        return command;
    }

    private static LastWill? ParseWill(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0)
        {
            var will = new LastWill(text[..equals], text[(equals + 1)..]);
            CommonOptions.Check(result, () => new BusClientOptions { Will = will }.Validate());
            return will;
        }

        result.AddError($"'{text}' is not a last will: write it as topic=payload.");
        return null;
    }
}
