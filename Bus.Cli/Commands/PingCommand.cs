using System.CommandLine;
using System.Text;
using Bus.Cli.Execution;
using Bus.Cli.Output;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus ping</c>: measures round trips to the bus.</summary>
internal static class PingCommand
{
    private const int StandardCount = 5;

    public static Command Create()
    {
        var count = CommonOptions.Count($"Number of round trips (default {StandardCount})");
        var bus = new BusOptions();
        var command = new Command("ping", "Measure round trips to the bus. The first one includes the warm-up of this process.") { count };
        foreach (var option in bus.All) command.Options.Add(option);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            using var output = StandardOutput.Open();
            await using var session = await bus.OpenAsync(parsed, "ping", cancellationToken);
            var wanted = parsed.GetValue(count) is > 0 and var n ? n : StandardCount;
            var times = new List<double>();
            for (var i = 1; i <= wanted; i++)
            {
                times.Add((await session.Bus.PingAsync(cancellationToken)).TotalMilliseconds);
                Print(output, $"{session.Url}: round trip {i} took {times[^1]:0.000} ms");
            }

            times.Sort();
            Print(output, $"{times.Count} round trip{(times.Count == 1 ? "" : "s")}: min {times[0]:0.000} ms, median {(times[(times.Count - 1) / 2] + times[times.Count / 2]) / 2:0.000} ms, max {times[^1]:0.000} ms");
            return ExitCode.Ok;
        }));
        return command;
    }

    // At once, and not by Console, which does not tell that the reader of a pipe is gone (ipcbus ping | head).
    private static void Print(StandardOutput output, string line)
    {
        output.Write(Encoding.UTF8.GetBytes(line + "\n"));
        output.Flush();
    }
}
