using System.CommandLine;
using System.Globalization;
using Bus.Cli.Execution;
using Bus.Core;
using Bus.Core.Client;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus retained</c>: the last values of topics.</summary>
internal static class RetainedCommand
{
    public static Command Create()
    {
        var filter = new Argument<string>("filter") { Description = "Of which topics; all when left out", DefaultValueFactory = _ => ">" };
        filter.Validators.Add(result => CommonOptions.Check(result, () =>
        {
            if (result.Tokens is [var token]) Topic.ValidateFilter(token.Value);
        }));
        var clear = new Option<bool>("--clear") { Description = "Clear the value of the topic" };
        var bus = new BusOptions();
        var command = new Command("retained", "Show the last values that the bus keeps for late subscribers, or clear one.") { filter, clear };
        foreach (var option in bus.All) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.Has(clear) && (!result.Has(filter) || result.GetResult(filter)!.Tokens[0].Value.AsSpan().IndexOfAny('*', '>') >= 0)) result.AddError("--clear needs a topic without wildcards.");
        });
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "retained", cancellationToken);
            if (parsed.GetValue(clear)) await session.Bus.ClearRetainedAsync(parsed.GetValue(filter)!, cancellationToken);
            else await PrintAsync(await session.Bus.ListRetainedAsync(parsed.GetValue(filter)!, cancellationToken));
            return ExitCode.Ok;
        }));
        return command;
    }

    private static async Task PrintAsync(RetainedList list)
    {
        foreach (var value in list.Values)
        {
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{value.Topic}  {value.Size} bytes  {value.Since.ToLocalTime():yyyy-MM-dd HH:mm:ss}"));
        }

        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{list.Count} retained, {list.Bytes} bytes; at most {list.MaxValues} and {list.MaxBytes} bytes; {list.Refused} refused"));
    }
}
