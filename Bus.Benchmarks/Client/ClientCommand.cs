using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace Bus.Benchmarks.Client;

/// <summary><c>client</c>: a load through the API that C# programs use, in a process of its own; <c>compare</c> runs it beside natsload.</summary>
internal static class ClientCommand
{
    public const string Publish = "client-publish";
    public const string Subscribe = "client-subscribe";
    public const string Request = "client-request";

    // A C program is as fast at first as later. The JIT compiler compiles hot code again in the background for the first second or
    // two, on a core that the load wants too: the clock runs when it is done.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private const int WarmUpDivisor = 4;
    private const int LeastWarmUp = 2_000;

    public static Command Create()
    {
        var mode = new Argument<string>("mode") { Description = $"{Publish}, {Subscribe} or {Request}" };
        mode.AcceptOnlyFromAmong(Publish, Subscribe, Request);
        var address = new Argument<string>("address") { Description = "tcp:HOST:PORT or unix:PATH" };
        var count = new Option<int>("--n") { Description = "Messages or requests", DefaultValueFactory = _ => 1_000_000 };
        var size = new Option<int>("--size") { Description = "Bytes of a payload, 16 or more", DefaultValueFactory = _ => 128 };
        var window = new Option<int>("--window") { Description = "Requests under way at a time", DefaultValueFactory = _ => 1 };
        var connections = new Option<int>("--connections") { Description = "Sockets of the client", DefaultValueFactory = _ => 1 };
        var topics = new Option<int>("--topics") { Description = "Topics to publish to, in turn", DefaultValueFactory = _ => 1 };
        var beside = new Option<int>("--beside") { Description = "Bytes of a payload that the client publishes over and over beside its requests; 0: none" };
        var command = new Command("client", "A load through BusClient; prints one JSON line.") { mode, address, count, size, window, connections, topics, beside };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var run = new ClientRun(parsed.GetValue(address)!, parsed.GetValue(size), parsed.GetValue(window), cancellationToken) { Connections = parsed.GetValue(connections), Topics = parsed.GetValue(topics), Beside = parsed.GetValue(beside) };
            Func<int, Task<string>> load = parsed.GetValue(mode) switch { Publish => run.PublishAsync, Subscribe => run.SubscribeAsync, _ => run.RequestAsync };
            var start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < WarmUp) await load(Math.Max(parsed.GetValue(count) / WarmUpDivisor, LeastWarmUp));
            var report = await load(parsed.GetValue(count));
            Console.WriteLine(report);
            return report.Contains("\"ok\":true", StringComparison.Ordinal) ? 0 : 1;
        });
        return command;
    }

    /// <summary>The arguments that run a load in a process of its own.</summary>
    public static string[] Arguments(string mode, string address, int count, int size, int window) =>
    [
        typeof(ClientCommand).Assembly.Location, "client", mode, address,
        "--n", count.ToString(CultureInfo.InvariantCulture), "--size", size.ToString(CultureInfo.InvariantCulture), "--window", window.ToString(CultureInfo.InvariantCulture),
    ];
}
