using Bus.Core;
using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Tests.Processes;

namespace Bus.Tests.Soak;

/// <summary>What a daemon holds: by its own word, and by that of the kernel.</summary>
internal sealed record Footprint(BusStatistics Statistics, int Sockets)
{
    public static async Task<Footprint> TakeAsync(IBus monitor) => await monitor.GetStatisticsAsync().Guard() is var statistics
        ? new Footprint(statistics with { Pid = 0, Since = default, WorkingSet = 0, Heap = 0, SlowConsumers = 0 }, SocketsOf(statistics.Pid))
        : throw new InvalidOperationException("The bus has no statistics.");

    /// <summary>Waits until it holds what it held before: a connection that ended, or a filter that nobody subscribes to, takes a moment to go.</summary>
    public async Task ReturnsAsync(IBus monitor)
    {
        var now = this;
        await Eventually.HoldsAsync(async () => (now = await TakeAsync(monitor)) == this, () => $"The daemon holds {now}, and held {this} before.");
    }

    private static int SocketsOf(int pid)
    {
        // Elsewhere its own word has to do.
        if (!OperatingSystem.IsLinux()) return 0;
        return Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Count(path => TargetOf(path).StartsWith("socket:", StringComparison.Ordinal));
    }

    private static string TargetOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget ?? "";
        }
        catch (IOException)
        {
            // Closed meanwhile.
            return "";
        }
    }
}
