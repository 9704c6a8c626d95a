using System.CommandLine;
using System.Globalization;
using System.Text;
using Bus.Cli.Execution;
using Bus.Cli.Output;
using Bus.Core.Client;
using Bus.Core.Presence;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus ping</c>: measures round trips to the bus, or from the bus to everybody.</summary>
internal static class PingCommand
{
    private const int StandardCount = 5;
    private static readonly TimeSpan StandardTimeout = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var count = CommonOptions.Count($"Number of round trips. Default: {StandardCount}");
        var all = new Option<bool>("--all", "-a") { Description = "Let the bus ping everybody who is on it, once; exits with 4 if somebody does not answer" };
        var timeout = new TimeOption("--timeout", "With --all: how long to wait for the slowest, at most 1m", StandardTimeout) { Aliases = { "-t" }, Least = TimeSpan.FromMilliseconds(1), Most = TimeSpan.FromMinutes(1) };
        var bus = new BusOptions();
        var command = new Command("ping", "Measure round trips to the bus, of which the first includes the warm-up of this process; or from the bus to all its clients.") { count, all, timeout };
        foreach (var option in bus.All) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.Has(all) && result.Has(count)) result.AddError("--count does not go with --all, which pings everybody once: leave one of them out.");
            if (result.Has(timeout) && !result.Has(all)) result.AddError("--timeout goes with --all only: add that, or leave it out.");
        });
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            using var output = StandardOutput.Open();
            await using var session = await bus.OpenAsync(parsed, "ping", cancellationToken);
            if (parsed.GetValue(all)) return Print(output, await session.Bus.PingAllAsync(timeout.Of(parsed), cancellationToken));
            var wanted = parsed.GetValue(count) is > 0 and var n ? n : StandardCount;
            var times = new List<double>();
            for (var i = 1; i <= wanted; i++)
            {
                times.Add((await session.Bus.PingAsync(cancellationToken)).TotalMilliseconds);
                Print(output, $"{session.Url}: round trip {i} took {times[^1]:0.000} ms");
            }

            times.Sort();
            Print(output, $"{Plural.Of(times.Count, "round trip")}: min {times[0]:0.000} ms, median {(times[(times.Count - 1) / 2] + times[times.Count / 2]) / 2:0.000} ms, max {times[^1]:0.000} ms");
            return ExitCode.Ok;
        }));
        return command;
    }

    private static int Print(StandardOutput output, IReadOnlyList<ClientPing> pings)
    {
        foreach (var line in TextTable.Lines([["NAME", "ROUND TRIP"], .. pings.Select(Row)])) Print(output, line);
        return pings.All(ping => ping.LatencyMs is not null) ? ExitCode.Ok : ExitCode.Timeout;
    }

    private static string[] Row(ClientPing ping) => [ping.Name, ping.LatencyMs is { } ms ? ms.ToString("0.000 'ms'", CultureInfo.InvariantCulture) : "no answer"];

    // At once, and not by Console, which does not tell that the reader of a pipe is gone (ipcbus ping | head).
    private static void Print(StandardOutput output, string line)
    {
        output.Write(Encoding.UTF8.GetBytes(line + "\n"));
        output.Flush();
    }
}
