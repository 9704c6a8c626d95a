using System.Diagnostics;
using Bus.Core;

namespace Bus.Benchmarks.Actors;

/// <summary>The figures of the actor runtime in about a minute: the median of several runs, with the bytes allocated per operation.</summary>
internal static class ActorFigures
{
    private const int Runs = 5;
    private const int Kept = 100_000;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(Action<string> progress)
    {
        using var system = BusSystem.Create("figures");
        var figures = new List<Figure>();
        await AddAsync("for scale: Channel<object>, one to one", 5_000_000, ActorLoads.ChannelAsync);
        await AddAsync("Tell, one to one", 5_000_000, n => ActorLoads.TellAsync(system, n));
        await AddAsync("ping-pong of one pair (messages)", 2_000_000, n => ActorLoads.PingPongAsync(system, n));
        await AddAsync("Ask, one at a time, 30 s timeout", 200_000, n => ActorLoads.AskAsync(system, n, 1));
        await AddAsync("Ask, 64 at a time, 30 s timeout", 400_000, n => ActorLoads.AskAsync(system, n, 64));
        await AddAsync("ReceiveAsync, task complete", 1_000_000, n => ActorLoads.ReceiveAsync(system, n));
        await AddAsync("fan-out to 100 actors, one-way", 10_000_000, n => ActorLoads.FanOutAsync(system, n));
        await AddAsync("fan-out to 100 actors, acknowledged", 4_000_000, n => ActorLoads.AcknowledgedAsync(system, n));
        await AddAsync("EventStream to 100 subscribers (deliveries)", 10_000_000, n => ActorLoads.EventStreamAsync(system, n));
        await AddAsync("creation of actors", 50_000, ActorLoads.CreateAsync);
        await system.Terminate();
        figures.Add(await KeptAsync("kept by an idle actor", touch: false));
        figures.Add(await KeptAsync("kept by an actor after its first message", touch: true));
        return figures;

        async Task AddAsync(string what, int count, Func<int, Task<Func<Task>>> load)
        {
            progress(what);
            figures.Add(await MeasureAsync(what, count, load));
        }
    }

    private static async Task<Figure> MeasureAsync(string what, int count, Func<int, Task<Func<Task>>> load)
    {
        await (await load(count / 10))();
        var (rates, bytes) = (new double[Runs], new double[Runs]);
        for (var i = 0; i < Runs; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var before = GC.GetTotalAllocatedBytes(true);
            var start = Stopwatch.GetTimestamp();
            var cleanUp = await load(count);
            rates[i] = count / Stopwatch.GetElapsedTime(start).TotalSeconds;
            bytes[i] = (GC.GetTotalAllocatedBytes(true) - before) / (double)count;
            await cleanUp();
        }

        return new Figure(what, Median(rates), Median(bytes));
    }

    private static async Task<Figure> KeptAsync(string what, bool touch)
    {
        var bytes = new double[Runs];
        for (var i = 0; i < Runs; i++) bytes[i] = await KeptAsync(touch);
        return new Figure(what, PerSecond: null, Median(bytes));
    }

    private static async Task<double> KeptAsync(bool touch)
    {
        using var system = BusSystem.Create("kept");
        // What the system keeps for itself once it works is not counted.
        await ActorLoads.StartAsync(system, 100, touch);
        var before = GC.GetTotalMemory(true);
        var actors = await ActorLoads.StartAsync(system, Kept, touch);
        var bytes = (GC.GetTotalMemory(true) - before) / (double)Kept;
        await system.Terminate();
        GC.KeepAlive(actors);
        return bytes;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
