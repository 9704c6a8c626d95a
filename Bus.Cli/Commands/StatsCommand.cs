using System.CommandLine;
using System.Globalization;
using Bus.Cli.Output;
using Bus.Core;
using Bus.Core.Client;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus stats</c>: what the bus has at the moment.</summary>
internal static class StatsCommand
{
    private const double MiB = 1024 * 1024;

    public static Command Create() => ReportCommand.Create(
        "stats",
        "Show what the bus has at the moment: connections, subscriptions, memory.",
        SystemTopics.Statistics,
        (bus, cancellationToken) => bus.GetStatisticsAsync(cancellationToken),
        Lines);

    private static IEnumerable<string> Lines(BusStatistics statistics)
    {
        var culture = CultureInfo.InvariantCulture;
        (string Name, string Value)[] rows =
        [
            ("process", statistics.Pid.ToString(culture)),
            ("since", statistics.Since.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", culture)),
            ("connections", statistics.Connections.ToString(culture)),
            ("clients", statistics.Clients.ToString(culture)),
            ("subscriptions", statistics.Subscriptions.ToString(culture)),
            ("filters", statistics.Filters.ToString(culture)),
            ("topic actors", statistics.TopicActors.ToString(culture)),
            ("retained", string.Create(culture, $"{Plural.Of(statistics.RetainedValues, "value")}, {Plural.Of(statistics.RetainedBytes, "byte")}")),
            ("slabs in use", statistics.Slabs.ToString(culture)),
            ("memory", string.Create(culture, $"{statistics.WorkingSet / MiB:0.0} MiB, of that {statistics.Heap / MiB:0.0} MiB of managed heap")),
            ("slow consumers closed", statistics.SlowConsumers.ToString(culture)),
            ("batches dropped", statistics.DroppedBatches.ToString(culture)),
        ];
        var width = rows.Max(row => row.Name.Length);
        return rows.Select(row => $"{row.Name.PadRight(width)}  {row.Value}");
    }
}
