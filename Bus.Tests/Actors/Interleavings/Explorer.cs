using System.Globalization;

namespace Bus.Tests.Actors.Interleavings;

/// <summary>Runs a scenario under many interleavings: all with a preemption or more, then random ones. A failure tells the way to it.</summary>
internal static class Explorer
{
    /// <summary>Every interleaving in which a thread that could go on is interrupted at most this often; most races need one or two.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<int> ExhaustAsync(int preemptions, Func<Choose, Task> scenario)
    {
        var path = new List<Decision>();
        for (var runs = 1; ; runs++)
        {
            var (depth, used) = (0, 0);
            await ReportAsync(scenario, string.Create(CultureInfo.InvariantCulture, $"interleaving {runs} of at most {preemptions} preemptions"), (able, last) =>
            {
                var mayStay = able.Contains(last);
                if (depth == path.Count) path.Add(new Decision(0, mayStay && used == preemptions ? 1 : able.Count));
                var choice = path[depth++].Choice;
                if (!mayStay) return able[choice];
                if (choice == 0) return last;
                used++;
                return able.Where(i => i != last).ElementAt(choice - 1);
            });
            while (path.Count > 0 && path[^1].Choice + 1 == path[^1].Options) path.RemoveAt(path.Count - 1);
            if (path.Count == 0) return runs;
            path[^1] = path[^1] with { Choice = path[^1].Choice + 1 };
        }
    }

    /// <summary>Interleavings drawn from seeds, with switches at every third step or so.</summary>
    public static async Task DrawAsync(int seeds, Func<Choose, Task> scenario)
    {
        for (var seed = 0; seed < seeds; seed++)
        {
            var random = new Random(seed);
            await ReportAsync(scenario, string.Create(CultureInfo.InvariantCulture, $"interleaving of seed {seed}"), (able, last) => able.Contains(last) && random.Next(3) > 0 ? last : able[random.Next(able.Count)]);
        }
    }

    private static async Task ReportAsync(Func<Choose, Task> scenario, string name, Choose choose)
    {
        try
        {
            await scenario(choose);
        }
        catch (Exception cause)
        {
            throw new InvalidOperationException($"The {name} failed: {cause.Message}", cause);
        }
    }

    private sealed record Decision(int Choice, int Options);
}
