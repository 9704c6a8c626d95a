using System.CommandLine;
using System.Globalization;

namespace Bus.Benchmarks.Actors;

/// <summary><c>figures</c>: measures the actor runtime of this build, or puts two measurements side by side.</summary>
internal static class FiguresCommand
{
    private static string Runtime => typeof(ActorSystem).Assembly.GetName() is { Name: "Akka" } akka ? $"Akka.NET {akka.Version!.ToString(3)}" : "Bus.Actors";

    public static Command Create()
    {
        var csv = new Option<string?>("--csv") { Description = "Write the figures to this file too." };
        var compare = new Option<string[]>("--compare") { Description = "Measure nothing: put these files of --csv side by side, as Markdown.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("figures", "The figures of the actor runtime of this build; ./bench actors builds and measures both.") { csv, compare };
        command.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(compare) is { Length: > 0 } files)
            {
                Compare([.. files.Select(Figure.Load)]);
                return;
            }

            var figures = await ActorFigures.MeasureAsync(what => Console.Error.WriteLine($"{Runtime}: {what}"));
            Compare([(Runtime, figures)]);
            if (parsed.GetValue(csv) is { } path) Figure.Save(path, Runtime, figures);
        });
        return command;
    }

    private static void Compare((string Runtime, IReadOnlyList<Figure> Figures)[] all)
    {
        Console.WriteLine($"{Environment.ProcessorCount} processors, {(System.Runtime.GCSettings.IsServerGC ? "server" : "workstation")} GC, .NET {Environment.Version}; medians of 5 runs");
        Console.WriteLine();
        Console.WriteLine($"| | {string.Join(" | ", all.Select(a => $"{a.Runtime}, per second | bytes each"))} |");
        Console.WriteLine($"|---|{string.Concat(all.Select(_ => "---:|---:|"))}");
        foreach (var what in all[0].Figures.Select(f => f.What))
        {
            var cells = all.Select(a => a.Figures.Single(f => f.What == what)).Select(f => $"{Rate(f.PerSecond)} | {Bytes(f.Bytes)}");
            Console.WriteLine($"| {what} | {string.Join(" | ", cells)} |");
        }
    }

    private static string Rate(double? value) => value switch
    {
        null => "",
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:F1} M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:F0} k"),
    };

    private static string Bytes(double value) => value < 10 ? string.Create(CultureInfo.InvariantCulture, $"{value:0.#}") : string.Create(CultureInfo.InvariantCulture, $"{value:N0}");
}
