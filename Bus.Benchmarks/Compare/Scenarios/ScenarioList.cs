using Bus.Benchmarks.Client;
using Bus.Benchmarks.Compare.Loads;
using static Bus.Benchmarks.Compare.Scenarios.Goal;

namespace Bus.Benchmarks.Compare.Scenarios;

/// <summary>Every scenario with its goals. The counts make a run last one to three seconds on two cores, so that CPU seconds (counted in 1/100 s) say something.</summary>
internal static class ScenarioList
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        PubSub(16, 4_000_000, RatioAtLeast(1.8), RatioAtLeast(1.8), RatioAtMost(0.5)),
        PubSub(128, 3_000_000, RatioAtLeast(1.8), RatioAtLeast(1.8), RatioAtMost(0.5)),
        PubSub(1024, 1_000_000, RatioAtLeast(1.6), RatioAtLeast(1.8)),
        PubSub(16384, 100_000, RatioAtLeast(1.6), RatioAtLeast(2.5)),
        new("fan-out", "1 publisher, 10 subscribers, 128 B", new NatsLoad("pubsub", ("n", 300_000), ("size", 128), ("subs", 10)))
        {
            Figures = [Rate("deliveries/s", RatioAtLeast(2.0)), Cpu()],
        },
        new("wildcard", "4 publishers, 4 subscribers, 100 topics, wildcard, 128 B", new NatsLoad("pubsub", ("n", 600_000), ("size", 128), ("pubs", 4), ("subs", 4), ("subjects", 100), ("wild", 1)))
        {
            Figures = [Rate("deliveries/s", RatioAtLeast(2.0)), Cpu()],
        },
        new("queue", "queue group of 4, 128 B", new NatsLoad("pubsub", ("n", 2_000_000), ("size", 128), ("subs", 4), ("queue", 1)))
        {
            Figures =
            [
                Rate("messages/s", RatioAtLeast(1.8)), Cpu(),
                new("share_min", "smallest share of a member", true, AtLeastOf(0.15), AtLeastOf(0.15)),
                new("share_max", "largest share of a member", false, AtMostOf(0.35), AtMostOf(0.35)),
            ],
            FitsFloor = false,
        },
        new("request", "request/response, one at a time, 16 B", new NatsLoad("reqrep", ("n", 25_000), ("size", 16)))
        {
            Figures =
            [
                new("p50_us", "median round trip, µs", false, RatioAtMost(0.90), RatioAtMost(0.70)),
                new("p99_us", "99th percentile, µs", false, RatioAtMost(1.0), RatioAtMost(0.80)),
            ],
        },
        new("request-64", "request/response, 64 outstanding, 16 B", new NatsLoad("reqrep", ("n", 200_000), ("size", 16), ("window", 64)))
        {
            Figures = [new("per_s", "requests/s", true, RatioAtLeast(1.2), RatioAtLeast(2.0)), Cpu()],
        },
        new("latency", "one-way latency at 1,000 messages/s, 128 B", new NatsLoad("latency", ("n", 20_000), ("size", 128), ("rate", 1000)))
        {
            Figures =
            [
                new("p50_us", "median, µs", false, RatioAtMost(1.0), RatioAtMost(0.70)),
                new("p99_us", "99th percentile, µs", false, RatioAtMost(1.0), RatioAtMost(0.80)),
            ],
        },
        new("subscriptions", "100,000 subscriptions on distinct topics, fresh server", new NatsLoad("submany", ("n", 100_000), ("size", 128)))
        {
            Figures = [new("bytes_per_sub", "bytes per subscription", false, RatioAtMost(1.0))],
            Transports = [Over.Tcp], Fresh = true, FitsFloor = false,
        },
        new("subscribing", "100,000 subscriptions on distinct topics", new NatsLoad("submany", ("n", 100_000), ("size", 128)))
        {
            Figures =
            [
                new("publish_per_s", "messages/s over them", true, RatioAtLeast(1.5)),
                new("subscribe_per_s", "subscriptions/s", true, AtLeastOf(100_000)),
            ],
            Transports = [Over.Tcp], FitsFloor = false,
        },
        new("churn", "10,000 inboxes/s subscribed and unsubscribed beside a publisher, 128 B", new ChurnLoad(new NatsLoad("pubsub", ("n", 2_000_000), ("size", 128)), 10_000))
        {
            Figures =
            [
                new("rate_kept", "the publisher's rate, to itself without them", true, AtLeastOf(0.8), AtLeastOf(0.8)),
                new("msgs_per_s", "messages/s", true),
                new("churn_per_s", "inboxes/s", true),
            ],
            FitsFloor = false,
        },
        new("slow-peer", "1 publisher, 1 subscriber, 128 B, beside a client that is flooded and reads nothing", new SlowPeerLoad(new NatsLoad("pubsub", ("n", 10_000_000), ("size", 128))))
        {
            Figures = [new("rate_kept", "the pair's rate, to itself without it", true, AtLeastOf(0.9), AtLeastOf(0.9)), new("msgs_per_s", "messages/s", true)],
            FitsFloor = false,
        },
        new("connections", "1,000 idle connections, fresh server", new NatsLoad("conns", ("n", 1_000), ("subs", 1)))
        {
            Figures = [new("kb_per_conn", "KiB per connection", false, RatioAtMost(0.5), RatioAtMost(0.5)), new("per_s", "connections/s", true)],
            Fresh = true,
        },
        new("idle", "idle daemon", new StartLoad())
        {
            Figures = [new("rss_mib", "resident MiB", false, AtMostOf(48)), new("ready_ms", "ready after start, ms", false, AtMostOf(250))],
            Transports = [Over.Tcp], Fresh = true,
        },
        new("large-request", "300 KB request, echoed, one at a time", new NatsLoad("reqrep", ("n", 500), ("size", 307_200)))
        {
            Figures = [new("p50_us", "median round trip, µs", false, AtMostOf(5000), AtMostOf(5000)), new("p99_us", "99th percentile, µs", false)],
            FitsFloor = false,
        },
        new("cold", "the first million messages of a fresh server, 128 B", new NatsLoad("pubsub", ("n", 1_000_000), ("size", 128)))
        {
            Figures = [Rate("messages/s", null), Cpu()], Fresh = true,
        },
        new("client-publish", "C# client: publish, 128 B", new ClientLoad(ClientCommand.Publish, 2_000_000, 128))
        {
            Yardstick = new NatsLoad("pubsub", ("n", 4_000_000), ("size", 128), ("subs", 0)), Figures = [Rate("messages/s", WithinTwice)],
        },
        new("client-subscribe", "C# client: subscribe, 128 B", new ClientLoad(ClientCommand.Subscribe, 2_000_000, 128))
        {
            Yardstick = new NatsLoad("pubsub", ("n", 3_000_000), ("size", 128)), Figures = [Rate("messages/s", WithinTwice)],
        },
        new("client-request", "C# client: request, one at a time, 16 B", new ClientLoad(ClientCommand.Request, 25_000, 16))
        {
            Yardstick = new NatsLoad("reqrep", ("n", 25_000), ("size", 16)), Figures = [new("p50_us", "median round trip, µs", false, RatioAtMost(2), RatioAtMost(2)), new("p99_us", "99th percentile, µs", false)],
        },
        new("client-request-64", "C# client: request, 64 outstanding, 16 B", new ClientLoad(ClientCommand.Request, 200_000, 16, 64))
        {
            Yardstick = new NatsLoad("reqrep", ("n", 200_000), ("size", 16), ("window", 64)), Figures = [new("per_s", "requests/s", true, WithinTwice, WithinTwice)],
        },
        .. new[] { 1, 10, 100, 1_000 }.Select(count => Beside("idle", "idle connection", count)),
        .. new[] { 10, 1_000, 100_000 }.Select(count => Beside("filters", "unmatched filter", count)),
    ];

    private static Goal WithinTwice => RatioAtLeast(0.5);

    private static Scenario PubSub(int size, int count, Goal tcp, Goal unix, Goal? cpu = null) =>
        new($"pubsub-{size}", $"1 publisher, 1 subscriber, {(size < 1024 ? $"{size} B" : $"{size / 1024} KiB")}", new NatsLoad("pubsub", ("n", count), ("size", size)))
        {
            Figures = [new("msgs_per_s", "messages/s", true, tcp, unix), Cpu(cpu)],
        };

    private static Scenario Beside(string option, string what, int count) =>
        new($"{(option == "idle" ? "connections" : option)}-{count}", $"1 publisher, 1 subscriber, 128 B, beside {count:N0} {what}{(count == 1 ? "" : "s")}", new NatsLoad("pubsub", ("n", 1_000_000), ("size", 128), (option, count)))
        {
            Figures = [Rate("messages/s", null)], Transports = [Over.Tcp], FitsFloor = count <= 1000,
        };

    private static Figure Rate(string title, Goal? goal) => new("msgs_per_s", title, true, goal, goal);

    private static Figure Cpu(Goal? goal = null) => new("server_cpu_ns_per_msg", "server CPU per message, ns", false, goal, goal);
}
