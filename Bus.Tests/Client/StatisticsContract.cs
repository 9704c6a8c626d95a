using Bus.Core;
using Bus.Core.Client;
using Bus.Tests.Processes;

namespace Bus.Tests.Client;

/// <summary>What a bus says that it has.</summary>
public abstract class StatisticsContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    [Fact]
    public async Task It_counts_who_comes_and_what_is_subscribed_and_forgets_it_again()
    {
        var bus = await Fixture.ConnectAsync();
        var before = await CountAsync(bus);
        Assert.Equal((Environment.ProcessId, 0, 0L, 0L), (before.Pid, before.RetainedValues, before.SlowConsumers, before.DroppedBatches));
        Assert.True(before is { WorkingSet: > 0, Heap: > 0 });

        var other = await Fixture.ConnectAsync();
        var subscriptions = new List<ISubscription<string>>();
        for (var i = 0; i < 10; i++) subscriptions.Add(await other.OpenSubscriptionAsync<string>($"topic.{i % 5}").Guard());
        await bus.PublishConfirmedAsync("kept", "value", new PublishOptions { Retain = true }).Guard();

        var during = await CountAsync(bus);
        // Each socket of a client has one more, for the answers that it gets.
        Assert.Equal((1, 10 + Fixture.Sockets, 5 + Fixture.Sockets, 5 + Fixture.Sockets, 1), (during.Clients - before.Clients, during.Subscriptions - before.Subscriptions, during.Filters - before.Filters, during.TopicActors - before.TopicActors, during.RetainedValues));
        Assert.InRange(during.RetainedBytes, "kept".Length + "value".Length, 200);
        Assert.InRange(during.Connections - before.Connections, 0, Fixture.Sockets);

        foreach (var subscription in subscriptions) await subscription.DisposeAsync();
        await other.DisposeAsync();
        await bus.ClearRetainedAsync("kept").Guard();

        var after = during;
        // A filter stays for a second after its last subscriber has left.
        await Eventually.HoldsAsync(async () => Counts(after = await CountAsync(bus)) == Counts(before), () => $"it has {after}, and had {before}");
    }

    /// <summary>An actor is made a moment before it starts.</summary>
    private static async Task<BusStatistics> CountAsync(IBus bus)
    {
        BusStatistics? statistics = null;
        await Eventually.HoldsAsync(async () => (statistics = await bus.GetStatisticsAsync().Guard()) is var s && s.TopicActors == s.Filters, () => $"it has {statistics}");
        return statistics!;
    }

    private static BusStatistics Counts(BusStatistics statistics) => statistics with { WorkingSet = 0, Heap = 0, Slabs = 0 };
}

public sealed class LocalStatisticsTests : StatisticsContract<LocalBusFixture>;

public sealed class UnixStatisticsTests : StatisticsContract<UnixBusFixture>;

public sealed class TcpStatisticsTests : StatisticsContract<TcpBusFixture>;
