using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace Bus.Benchmarks.Actors;

/// <summary>The figures of the actor runtime in a minute: the median of several runs, with the bytes allocated per operation.</summary>
internal static class ActorFigures
{
    private const int Runs = 5;
    private static readonly object Signal = new();

    internal static async Task RunAsync()
    {
        using var system = ActorSystem.Create("figures");
        Console.WriteLine($"{Environment.ProcessorCount} processors, {(System.Runtime.GCSettings.IsServerGC ? "server" : "workstation")} GC");
        await MeasureAsync("for scale: Channel<object>, one to one", 5_000_000, ChannelAsync);
        await MeasureAsync("tell, one sender, one receiver", 5_000_000, n => TellAsync(system, n));
        await MeasureAsync("ping-pong of one pair (messages)", 2_000_000, n => PingPongAsync(system, n));
        await MeasureAsync("fan-out to 100 actors (messages)", 10_000_000, n => FanOutAsync(system, n));
        await MeasureAsync("ask, one at a time, 30 s timeout", 300_000, n => AskAsync(system, n, 1));
        await MeasureAsync("ask, 64 at a time, 30 s timeout", 600_000, n => AskAsync(system, n, 64));
        await MeasureAsync("ReceiveAsync, task complete", 2_000_000, n => ReceiveAsync(system, n));
        await MeasureAsync("creation of an actor", 100_000, n => CreateAsync(n, touch: false));
        await KeptAsync("kept by an idle actor", touch: false);
        await KeptAsync("kept by an actor that has had a message", touch: true);
        await system.Terminate();
    }

    private static async Task MeasureAsync(string what, int count, Func<int, Task> run)
    {
        await run(count / 10);
        var rates = new double[Runs];
        var bytes = new double[Runs];
        for (var i = 0; i < Runs; i++)
        {
            GC.Collect();
            var before = GC.GetTotalAllocatedBytes(true);
            var start = Stopwatch.GetTimestamp();
            await run(count);
            rates[i] = count / Stopwatch.GetElapsedTime(start).TotalSeconds;
            bytes[i] = (GC.GetTotalAllocatedBytes(true) - before) / (double)count;
        }

        Array.Sort(rates);
        Array.Sort(bytes);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-40} {rates[Runs / 2],14:N0}/s {bytes[Runs / 2],10:N1} B/op"));
    }

    private static async Task ChannelAsync(int count)
    {
        var channel = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var reader = Task.Run(async () =>
        {
            var left = count;
            while (left > 0 && await channel.Reader.WaitToReadAsync())
            {
                while (channel.Reader.TryRead(out _)) left--;
            }
        });
        for (var i = 0; i < count; i++) channel.Writer.TryWrite(Signal);
        await reader;
    }

    private static async Task TellAsync(ActorSystem system, int count)
    {
        var done = new TaskCompletionSource();
        var actor = system.ActorOf(Props.Create(() => new CountingActor()));
        actor.Tell(new CountingActor.Expect(count, done), ActorRefs.NoSender);
        for (var i = 0; i < count; i++) actor.Tell(Signal, ActorRefs.NoSender);
        await done.Task;
        system.Stop(actor);
    }

    private static async Task PingPongAsync(ActorSystem system, int count)
    {
        var done = new TaskCompletionSource();
        var pong = system.ActorOf(Props.Create(() => new EchoActor()));
        var ping = system.ActorOf(Props.Create(() => new PingActor(pong, count / 2, done)));
        ping.Tell(Signal, ActorRefs.NoSender);
        await done.Task;
        system.Stop(ping);
        system.Stop(pong);
    }

    private static async Task FanOutAsync(ActorSystem system, int count)
    {
        var rounds = count / 100;
        var all = new Task[100];
        var receivers = new IActorRef[100];
        for (var i = 0; i < receivers.Length; i++)
        {
            var done = new TaskCompletionSource();
            receivers[i] = system.ActorOf(Props.Create(() => new CountingActor()));
            receivers[i].Tell(new CountingActor.Expect(rounds, done), ActorRefs.NoSender);
            all[i] = done.Task;
        }

        var source = system.ActorOf(Props.Create(() => new FanOutActor(receivers)));
        for (var sent = 0; sent < rounds; sent += 100) source.Tell(Math.Min(100, rounds - sent), ActorRefs.NoSender);
        await Task.WhenAll(all);
        foreach (var receiver in receivers) system.Stop(receiver);
        system.Stop(source);
    }

    private static async Task AskAsync(ActorSystem system, int count, int concurrency)
    {
        var echo = system.ActorOf(Props.Create(() => new EchoActor()));
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(async _ =>
        {
            for (var i = 0; i < count / concurrency; i++) await echo.Ask<object>(Signal, TimeSpan.FromSeconds(30), CancellationToken.None);
        }));
        system.Stop(echo);
    }

    private static async Task ReceiveAsync(ActorSystem system, int count)
    {
        var done = new TaskCompletionSource();
        var actor = system.ActorOf(Props.Create(() => new AsyncActor(count, done)));
        for (var i = 0; i < count; i++) actor.Tell(Signal, ActorRefs.NoSender);
        await done.Task;
        system.Stop(actor);
    }

    private static async Task CreateAsync(int count, bool touch)
    {
        using var system = ActorSystem.Create("creation");
        var actors = await CreateAsync(system, count, touch);
        await system.Terminate();
        GC.KeepAlive(actors);
    }

    private static async Task<IActorRef[]> CreateAsync(ActorSystem system, int count, bool touch)
    {
        var props = Props.Create(() => new EchoActor());
        var actors = new IActorRef[count];
        for (var i = 0; i < count; i++)
        {
            actors[i] = system.ActorOf(props);
            if (touch) actors[i].Tell(Signal, ActorRefs.Nobody);
        }

        // The answer of the last one comes after its creation, and those of all others soon.
        foreach (var actor in actors[^Math.Min(count, 100)..]) await actor.Ask<object>(Signal, TimeSpan.FromSeconds(30), CancellationToken.None);
        return actors;
    }

    private static async Task KeptAsync(string what, bool touch)
    {
        const int Count = 100_000;
        using var system = ActorSystem.Create("kept");
        var before = GC.GetTotalMemory(true);
        var actors = await CreateAsync(system, Count, touch);
        var bytes = (GC.GetTotalMemory(true) - before) / (double)Count;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-40} {bytes,38:N0} B"));
        await system.Terminate();
        GC.KeepAlive(actors);
    }
}
