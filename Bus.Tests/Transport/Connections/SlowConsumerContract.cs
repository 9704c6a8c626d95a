using System.Globalization;
using System.Text;
using Bus.Tests.Processes;
using Bus.Transport.Connections;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.Connections;

/// <summary>Readers that are slower than the publishers: held back for within their budget, cut off beyond it, and never at the cost of others.</summary>
public abstract class SlowConsumerContract(BusScheme over)
{
    private const int PayloadSize = 4096;
    private const int Messages = 2_000;

    private static readonly string Payload = new('p', PayloadSize);

    /// <summary>Small enough that 8 MiB of messages are far more than everything between a publisher and a reader can hold.</summary>
    private static readonly ConnectionOptions Small = new() { MaxPayload = 8 * 1024, MaxPending = 128 * 1024, PublishWindow = 64 * 1024 };

    [Fact]
    public async Task A_client_that_never_reads_is_cut_off_and_nobody_else_loses_a_message()
    {
        await using var bus = new TestBus { Over = over, Options = Small with { StallBudget = TimeSpan.FromSeconds(1) } };
        await bus.StartAsync();
        using var stuck = await bus.ConnectAsync();
        await stuck.FlushAsync("SUB stream 1\r\n");
        using var reader = await bus.ConnectAsync();
        await reader.FlushAsync("SUB stream 7\r\n");
        using var publisher = await bus.ConnectAsync();

        var read = new List<int>();
        for (var i = 0; i < Messages; i += 10)
        {
            await publisher.SendAsync(Frames(i, 10));
            // In step: the reader never has more to come than its buffers hold, so that it cannot count as slow itself, however late it gets its turn.
            read.AddRange(await reader.CountAsync(10));
        }

        Assert.Equal(Enumerable.Range(0, Messages), read);
        Assert.Equal(1, bus.Environment.Counters.SlowConsumers);
        reader.Dispose();
        publisher.Dispose();
        // The stuck one is still there: what was being sent to it comes back all the same.
        await bus.NothingLeftAsync();
    }

    [Fact]
    public async Task A_client_that_is_cut_off_hears_why_when_it_reads_again()
    {
        // No budget: the first delivery that has to wait ends it. From then on it has as long as it needs to read what is left.
        await using var bus = new TestBus { Over = over, Options = Small with { StallBudget = TimeSpan.Zero, CloseGrace = TimeSpan.FromMinutes(10) } };
        await bus.StartAsync();
        using var stuck = await bus.ConnectAsync();
        await stuck.FlushAsync("SUB stream 1\r\n");
        using var publisher = await bus.ConnectAsync();
        var publishing = PublishAsync(publisher);

        await Eventually.HoldsAsync(() => bus.Environment.Counters.SlowConsumers == 1, () => "The client that does not read counts as slow.");

        Assert.EndsWith("\r\n-ERR 'Slow Consumer'\r\n", await stuck.ReadToEndAsync(), StringComparison.Ordinal);
        await publishing;
        stuck.Dispose();
        publisher.Dispose();
        await bus.NothingLeftAsync();
    }

    [Fact]
    public async Task A_reader_that_is_slower_than_the_publisher_but_within_the_budget_loses_nothing()
    {
        await using var bus = new TestBus { Over = over, Options = Small with { StallBudget = TimeSpan.FromMinutes(10), StallWindow = TimeSpan.FromMinutes(10) } };
        await bus.StartAsync();
        using var slow = await bus.ConnectAsync();
        await slow.FlushAsync("SUB stream 1\r\n");
        using var publisher = await bus.ConnectAsync();

        var sent = 0;
        var publishing = PublishAsync(publisher, i => Volatile.Write(ref sent, i));
        // Everything between the two is full long before half of it is out; only then does the reader begin.
        await Eventually.HoldsAsync(() => Volatile.Read(ref sent) > 40, () => "The publisher has sent more than the reader's limit.");
        Assert.False(publishing.IsCompleted);

        Assert.Equal(Enumerable.Range(0, Messages), await slow.CountAsync(Messages));
        await publishing;
        Assert.Equal(0, bus.Environment.Counters.SlowConsumers);
        slow.Dispose();
        publisher.Dispose();
        await bus.NothingLeftAsync();
    }

    [Fact]
    public async Task A_client_that_drowns_in_its_own_messages_is_cut_off()
    {
        await using var bus = new TestBus { Over = over, Options = Small with { CloseGrace = TimeSpan.FromMinutes(10) } };
        await bus.StartAsync();
        using var witness = await bus.ConnectAsync();
        using var hostile = await bus.ConnectAsync();
        await hostile.FlushAsync("SUB stream 1\r\n");

        await hostile.TrySendAsync(Frames(0, Messages));

        Assert.EndsWith("-ERR 'Slow Consumer'\r\n", await hostile.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("MSG a 1 2\r\nok\r\n", await witness.FlushAsync("SUB a 1\r\nPUB a 2\r\nok\r\n"));
        witness.Dispose();
        await bus.NothingLeftAsync();
    }

    private static async Task PublishAsync(RawClient publisher, Action<int>? sent = null)
    {
        for (var i = 0; i < Messages; i += 10)
        {
            await publisher.SendAsync(Frames(i, 10));
            sent?.Invoke(i);
        }

        await publisher.FlushAsync();
    }

    private static string Frames(int first, int count)
    {
        var frames = new StringBuilder();
        for (var i = first; i < first + count; i++) frames.Append(CultureInfo.InvariantCulture, $"PUB stream r.{i} {PayloadSize}\r\n{Payload}\r\n");
        return frames.ToString();
    }
}
