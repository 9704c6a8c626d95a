using System.Globalization;
using System.Text;
using Bus.Core;
using Bus.Core.Routing;
using Bus.Transport.Connections;

namespace Bus.Tests.Transport.Connections;

/// <summary>A bus with a topic <c>stream</c> that says what becomes of slow subscriptions, and numbered messages that soon are more than a connection has room for.</summary>
internal static class StreamTopic
{
    private const int PayloadSize = 4096;

    private static readonly string Payload = new('p', PayloadSize);

    /// <summary>A stall budget that no test lives to see the end of: only the topic decides.</summary>
    private static readonly ConnectionOptions Small = new()
    {
        MaxPayload = 8 * 1024, MaxPending = 128 * 1024, PublishWindow = 64 * 1024, StallBudget = TimeSpan.FromMinutes(10), StallWindow = TimeSpan.FromMinutes(10), CloseGrace = TimeSpan.FromMinutes(1),
    };

    public static TestBus Bus(SlowSubscriberAction action)
    {
        var rules = new TopicRules();
        rules.TryAdd(new TopicRule("stream", new TopicPolicy { WhenSlow = action }));
        return new TestBus { Options = Small, Rules = rules };
    }

    /// <summary>Publishes so many messages and waits until the bus has them all.</summary>
    public static async Task<RawClient> FloodAsync(TestBus bus, int messages)
    {
        var publisher = await bus.ConnectAsync();
        for (var i = 0; i < messages; i += 10) await publisher.SendAsync(Frames(i, 10));
        await publisher.FlushAsync();
        return publisher;
    }

    /// <summary>Messages as a client publishes them; each has its number as its reply-to.</summary>
    public static string Frames(int first, int count)
    {
        var frames = new StringBuilder();
        for (var i = first; i < first + count; i++) frames.Append(CultureInfo.InvariantCulture, $"PUB stream r.{i} {PayloadSize}\r\n{Payload}\r\n");
        return frames.ToString();
    }

    /// <summary>The numbers of those that the subscription 1 has got.</summary>
    public static IReadOnlyList<int> Numbers(string received) =>
        [.. received.Split("\r\n").Where(line => line.StartsWith("MSG stream 1 r.", StringComparison.Ordinal)).Select(line => int.Parse(line.Split(' ')[3][2..], CultureInfo.InvariantCulture))];
}
