using System.CommandLine;
using Bus.Cli.Execution;
using Bus.Cli.Output;
using Bus.Cli.Subscribing;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus sub</c>: shows the messages of some filters.</summary>
internal static class SubCommand
{
    public static Command Create()
    {
        var filters = CommonOptions.Filters("filter", "Filters: topics in which * stands for one token and a final > for the rest");
        var count = CommonOptions.Count("End after this many messages; exits with 1 if others in between were lost");
        var queue = CommonOptions.Queue();
        var raw = new Option<bool>("--raw", "-r") { Description = "Print each payload byte for byte and a line feed behind it, and nothing else" };
        var json = new Option<bool>("--json", "-j") { Description = "Print one JSON object a line: topic, reply_to, headers, payload (or payload_base64)" };
        var quiet = CommonOptions.Quiet();
        var buffer = new BufferOptions();
        var bus = new BusOptions();

        var command = new Command("sub", "Subscribe to filters and print what arrives, until Ctrl-C.") { filters, count, queue, raw, json, quiet };
        foreach (var option in buffer.All.Concat(bus.All)) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.Has(raw) && result.Has(json)) result.AddError("Give either --raw or --json, not both.");
        });
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            using var output = StandardOutput.Open();
            using var jsonWriter = new JsonMessageWriter();
            IMessageWriter writer = parsed.GetValue(raw) ? new RawMessageWriter() : parsed.GetValue(json) ? jsonWriter : new HumanMessageWriter(TerminalColour.OnStandardOutput);
            await using var session = await bus.OpenAsync(parsed, "sub", cancellationToken);
            var printer = new MessagePrinter(session, writer, output);
            return await printer.RunAsync(new(parsed.GetValue(filters)!), buffer.Read(parsed) with { Queue = parsed.GetValue(queue) }, parsed.GetValue(count), parsed.GetValue(quiet), cancellationToken);
        }));
        return command;
    }
}
