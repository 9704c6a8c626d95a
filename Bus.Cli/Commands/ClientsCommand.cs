using System.CommandLine;
using System.Globalization;
using Bus.Cli.Execution;
using Bus.Cli.Output;
using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Presence;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus clients</c>: who is on the bus.</summary>
internal static class ClientsCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json", "-j") { Description = "Print the JSON object that the bus sent" };
        var bus = new BusOptions();
        var command = new Command("clients", "Show who is on the bus: names, processes, since when, where they came in.") { json };
        foreach (var option in bus.All) command.Options.Add(option);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "clients", cancellationToken);
            if (parsed.GetValue(json)) await Console.Out.WriteLineAsync(await session.Bus.RequestAsync<string, string>(SystemTopics.Clients, "", timeout: null, cancellationToken));
            else await PrintAsync(await session.Bus.GetClientsAsync(cancellationToken));
            return ExitCode.Ok;
        }));
        return command;
    }

    private static async Task PrintAsync(IReadOnlyList<BusParticipant> clients)
    {
        foreach (var line in TextTable.Lines([["NAME", "PID", "UID", "SINCE", "PROGRAM", "ENDPOINT"], .. clients.Select(Row)])) await Console.Out.WriteLineAsync(line);
    }

    private static string[] Row(BusParticipant client) =>
    [
        client.Name,
        client.Pid?.ToString(CultureInfo.InvariantCulture) ?? "-",
        client.Uid?.ToString(CultureInfo.InvariantCulture) ?? "-",
        client.Since.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        client.Program ?? "-",
        client.Endpoint,
    ];
}
