using System.CommandLine;
using System.Globalization;
using Bus.Cli.Output;
using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Presence;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus clients</c>: who is on the bus.</summary>
internal static class ClientsCommand
{
    public static Command Create() => ReportCommand.Create(
        "clients",
        "Show who is on the bus: names, processes, since when, where they came in.",
        SystemTopics.Clients,
        (bus, cancellationToken) => bus.GetClientsAsync(cancellationToken),
        clients => TextTable.Lines([["NAME", "PID", "UID", "SINCE", "PROGRAM", "ENDPOINT"], .. clients.Select(Row)]));

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
