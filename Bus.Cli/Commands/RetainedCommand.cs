using System.CommandLine;
using Bus.Cli.Execution;
using Bus.Core;
using Bus.Core.Client;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus retained</c>: the last values of topics.</summary>
internal static class RetainedCommand
{
    public static Command Create()
    {
        var filter = new Argument<string?>("filter") { Description = "Of which topics. Default: all", Arity = ArgumentArity.ZeroOrOne };
        filter.Validators.Add(result => CommonOptions.Check(result, () =>
        {
            if (result.Tokens is [var token]) Topic.ValidateFilter(token.Value);
        }));
        var clear = new Option<bool>("--clear") { Description = "Clear the value of the topic; exits with 1 if there is none" };
        var json = new Option<bool>("--json", "-j") { Description = "Print each value whole, as one JSON object a line: topic, headers (Bus-Retained is when it was published), payload (or payload_base64)" };
        var bus = new BusOptions();
        var command = new Command("retained", "Show the last values that the bus keeps for late subscribers, or clear one.") { filter, clear, json };
        foreach (var option in bus.All) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.Has(clear) && (!result.Has(filter) || result.GetResult(filter)!.Tokens[0].Value.AsSpan().IndexOfAny('*', '>') >= 0)) result.AddError("--clear needs a topic without wildcards.");
            if (result.Has(clear) && result.Has(json)) result.AddError("Give either --clear or --json, not both.");
        });
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "retained", cancellationToken);
            if (parsed.GetValue(clear)) await ClearAsync(session.Bus, parsed.GetValue(filter)!, cancellationToken);
            else await new RetainedPrinter(session.Bus).PrintAsync(parsed.GetValue(filter) ?? ">", parsed.GetValue(json), cancellationToken);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static async Task ClearAsync(IBus bus, string topic, CancellationToken cancellationToken)
    {
        if (await bus.GetRetainedAsync<ReadOnlyMemory<byte>>(topic, cancellationToken) is null) throw new FailureException($"nothing is retained for '{topic}', so there is nothing to clear: 'ipcbus retained' shows what is.");
        await bus.ClearRetainedAsync(topic, cancellationToken);
    }
}
