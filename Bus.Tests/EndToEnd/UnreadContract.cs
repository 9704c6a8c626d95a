using System.Globalization;
using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Tests.Processes;

namespace Bus.Tests.EndToEnd;

/// <summary>Subscriber processes whose output nobody reads: all pipes and buffers are full. Their policy decides what they get, and everybody else gets everything meanwhile.</summary>
public abstract class UnreadContract(string url) : DaemonContract(url, "--max-payload", "64KiB", "--max-pending", "256KiB", "--publish-window", "256KiB", "--stall-budget", "10s")
{
    private const int Count = 2000;
    private const int Buffer = 16;

    private static readonly string Padding = new('p', 1000);

    [Fact]
    public async Task Nobody_waits_for_those_who_drop_and_what_their_policy_keeps_is_there_when_they_are_read()
    {
        await using var oldest = await SubscribeUnreadAsync("drop-oldest");
        await using var newest = await SubscribeUnreadAsync("drop-newest");
        await using var latest = await SubscribeUnreadAsync("latest-per-topic");
        await using var disconnected = await SubscribeUnreadAsync("disconnect");
        await using var other = await SubscribeAsync(Count);
        await using var bus = await ConnectAsync();
        var reached = new List<int>();
        for (var i = 0; i < Count; i++) reached.Add(await PublishAsync(bus, i));

        Assert.Equal(0, await other.ExitAsync());
        Assert.Equal(Enumerable.Range(0, Count), NumbersOf(other));
        // The last of them has ended its subscription.
        Assert.Equal((5, 4), (reached[0], reached[^1]));
        _ = disconnected.Output;
        Assert.Equal(1, await disconnected.ExitAsync());
        Assert.Contains("messages waited for its consumer when one more came", disconnected.Errors.Text, StringComparison.Ordinal);

        await Task.WhenAll(new[] { oldest, latest }.Select(process => process.Output.WaitForAsync($"{Count - 1} ")));
        foreach (var process in new[] { oldest, latest })
        {
            var kept = await FinishAsync(process, Count);
            Assert.Subset(kept.ToHashSet(), Enumerable.Range(Count - 3, 3).ToHashSet());
            // Of different topics, the latest may overtake what waits.
            foreach (var topic in kept.GroupBy(number => process == latest ? TopicOf(number) : "")) Assert.Equal(topic.Order(), topic);
        }

        var published = Count;
        await Eventually.HoldsAsync(async () => await PublishAsync(bus, published++) > 0 && NumbersOf(newest).Any(number => number >= Count), () => "Nothing more comes when there is room.");
        var first = await FinishAsync(newest, published);
        Assert.Equal(Enumerable.Range(0, Buffer), first.Take(Buffer));
        Assert.Equal(first.Order(), first);
    }

    [Fact]
    public async Task With_block_publishers_wait_for_it_until_it_counts_as_stuck_and_its_connection_stays()
    {
        // 64 MB: more than the receive window of the process, what the bus keeps and what any kernel keeps (36 MB a TCP connection, where it keeps most).
        const int Many = 4000;
        var large = new string('p', 16_000);
        await using var victim = await SubscribeUnreadAsync("block");
        await using var other = await SubscribeAsync(Many);
        await using var bus = await ConnectAsync();
        var (held, number) = (0, 0);
        for (; number < Many; number++)
        {
            try
            {
                await bus.PublishAsync(TopicOf(number), $"{number} {large}", new PublishOptions { WhenFull = PublishOverflow.Fail });
            }
            catch (BackPressureException)
            {
                held++;
                await PublishAsync(bus, number, large);
            }
        }

        Assert.Equal(0, await other.ExitAsync());
        Assert.Equal(Enumerable.Range(0, Many), NumbersOf(other));
        Assert.True(held > 0, "Nothing ever held the publisher back.");
        Assert.Equal(1, await PublishAsync(bus, Many));
        _ = victim.Output;
        var numbers = await FinishAsync(victim, Many + 1);
        Assert.Equal(numbers.Order(), numbers);
        Assert.DoesNotContain("lost the connection", victim.Errors.Text, StringComparison.Ordinal);
    }

    private static string TopicOf(int number) => $"n.{number % 3}";

    private static async Task<int> PublishAsync(IBus bus, int number, string? padding = null) => (await bus.PublishConfirmedAsync(TopicOf(number), $"{number} {padding ?? Padding}", timeout: Never).Guard()).Reached;

    /// <summary>What it has printed, in complete lines.</summary>
    private static List<int> NumbersOf(ToolProcess process) => [.. process.Output.Text.Split('\n')[..^1].Select(line => int.Parse(line.AsSpan(0, line.IndexOf(' ')), CultureInfo.InvariantCulture))];

    private static int Dropped(ToolProcess process)
    {
        var line = process.Errors.Lines.LastOrDefault(line => line.Contains("were dropped", StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(string.Concat(line.TakeWhile(c => c != 'm').Where(char.IsAsciiDigit)), CultureInfo.InvariantCulture);
    }

    /// <summary>Ends a process, and checks that it has told of everything that it has not printed.</summary>
    /// <returns>What it has printed.</returns>
    private static async Task<List<int>> FinishAsync(ToolProcess process, int published)
    {
        await process.InterruptAsync();
        Assert.Equal(0, await process.ExitAsync());
        var numbers = NumbersOf(process);
        Assert.Equal(published, numbers.Count + Dropped(process));
        Assert.InRange(numbers.Count, Buffer, published - 1);
        return numbers;
    }

    private Task<ToolProcess> SubscribeUnreadAsync(string policy) => StartUnreadAsync("subscribed", "sub", "n.*", "--raw", "--buffer", $"{Buffer}", "--when-full", policy);

    private Task<ToolProcess> SubscribeAsync(int count) => StartReadyAsync("subscribed", "sub", "n.*", "--raw", "--count", $"{count}");
}

public sealed class UnixUnreadTests() : UnreadContract("bus");

public sealed class TcpUnreadTests() : UnreadContract(new RestartingTcpBus().Endpoint.ToString());
