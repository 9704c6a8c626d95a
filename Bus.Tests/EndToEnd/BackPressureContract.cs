using System.Globalization;
using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Transport.Client;

namespace Bus.Tests.EndToEnd;

/// <summary>A subscriber process freezes, and all buffers between it and the publisher fill: the publisher waits, and its wait ends with what it waits for.</summary>
public abstract class BackPressureContract(string url) : DaemonContract(url, "--max-payload", "64KiB", "--max-pending", "256KiB", "--publish-window", "256KiB", "--stall-budget", "10s")
{
    private const int More = 64;

    private static readonly string Padding = new('p', 16 * 1024);

    [Theory]
    [InlineData("CONT")]
    [InlineData("KILL")]
    public async Task Publishing_waits_until_it_reads_or_dies_and_the_other_gets_everything(string signal)
    {
        await using var victim = await StartReadyAsync("subscribed", "sub", "big", "--raw");
        await using var bus = await ConnectAsync();
        await using var elsewhere = await ConnectAsync(new BusClientOptions { ReceiveWindow = 1L << 30 });
        await using var survivor = await elsewhere.OpenSubscriptionAsync<string>("big", new SubscriptionOptions { Capacity = 100_000 }).Guard();
        await using var news = await elsewhere.OpenSubscriptionAsync<string>("news").Guard();
        await victim.FreezeAsync();

        var published = await FillAsync(bus);
        var waiting = Task.Run(async () =>
        {
            for (var i = 0; i < More; i++) await bus.PublishAsync("big", $"{published + i} {Padding}");
        });
        // Others do not wait with it.
        Assert.Equal(1, (await elsewhere.PublishConfirmedAsync("news", "nobody else waits", timeout: Never).Guard()).Reached);
        Assert.Single(await news.TakeDataAsync(1));
        await victim.SignalAsync(signal);

        await waiting.Guard();
        await bus.FlushAsync().Guard();
        Assert.Equal(Enumerable.Range(0, published + More), (await survivor.TakeDataAsync(published + More)).Select(NumberOf));
        if (signal == "KILL") return;
        await victim.InterruptAsync();
        Assert.Equal(0, await victim.ExitAsync());
        Assert.Equal(Enumerable.Range(0, published + More), victim.Output.Lines.Select(NumberOf));
    }

    [Fact]
    public async Task When_the_bus_is_killed_meanwhile_every_call_that_waits_ends()
    {
        await using var victim = await StartReadyAsync("subscribed", "sub", "big", "--raw");
        await using var bus = await ConnectAsync();
        await using var subscription = await bus.OpenSubscriptionAsync<string>("news").Guard();
        await victim.FreezeAsync();
        await FillAsync(bus);
        var plain = Enumerable.Range(0, More).Select(_ => bus.PublishAsync("big", Padding).AsTask()).ToList();
        var confirmed = bus.PublishConfirmedAsync("big", Padding, timeout: Never);
        var back = bus.NextAsync(BusState.Connected);

        await KillDaemonAsync();

        // What was taken meanwhile waits for the next connection; the confirmation of the one that was under way never comes.
        foreach (var call in plain) await EndsAsync(call);
        await StartDaemonAsync();
        await back;
        await EndsAsync(confirmed);
        await bus.PublishAsync("news", "after");
        Assert.Equal(["after"], await subscription.TakeDataAsync(1));
    }

    private static int NumberOf(string payload) => int.Parse(payload.AsSpan(0, payload.IndexOf(' ')), CultureInfo.InvariantCulture);

    private static async Task EndsAsync(Task call)
    {
        try
        {
            await call.Guard();
        }
        catch (BusDisconnectedException)
        {
            // As good as done: it says why not.
        }
    }

    /// <returns>How many were taken until there was no room for another.</returns>
    private static async Task<int> FillAsync(IBus bus)
    {
        var (taken, options) = (0, new PublishOptions { WhenFull = PublishOverflow.Fail });
        await Assert.ThrowsAsync<BackPressureException>(async () =>
        {
            for (; taken < 10_000; taken++) await bus.PublishAsync("big", $"{taken} {Padding}", options);
        });
        return taken;
    }
}

public sealed class UnixBackPressureTests() : BackPressureContract("bus");

public sealed class TcpBackPressureTests() : BackPressureContract(new RestartingTcpBus().Endpoint.ToString());

public sealed class PipeBackPressureTests() : BackPressureContract("pipe://bus");
