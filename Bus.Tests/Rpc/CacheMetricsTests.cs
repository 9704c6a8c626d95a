using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Bus.Core.Rpc;
using Bus.Tests.Client;
using Bus.Tests.Processes;

namespace Bus.Tests.Rpc;

/// <summary>What the meter says of answers that are kept.</summary>
public sealed class CacheMetricsTests : BusContract<LocalBusFixture>
{
    // Nothing else of this process keeps as much.
    private const int Large = 8 * 1024 * 1024;

    private static readonly ServiceCallOptions Kept = new() { CacheFor = TimeSpan.FromHours(1) };

    [Fact]
    public async Task What_was_found_is_counted_and_what_is_kept_is_measured_until_the_bus_closes()
    {
        // The meter belongs to the whole process, and to its other tests.
        var name = $"kept-{Guid.NewGuid():N}";
        var found = new ConcurrentQueue<string?>();
        var sizes = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == CallTelemetry.SourceName && instrument.Name.StartsWith("rpc.client.cache.", StringComparison.Ordinal)) listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.IsObservable) sizes[instrument.Name] = value;
            else if (tags.ToArray().Any(tag => name.Equals(tag.Value))) found.Enqueue(tags.ToArray().Single(tag => tag.Key == "cache.result").Value as string);
        });
        listener.Start();
        var (bus, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var service = await bus.ServeAsync(name, s => s.Endpoint<int, byte[]>("get", (n, _) => new byte[n])).Guard();

        for (var i = 0; i < 8; i++) await caller.CallAsync<int, byte[]>(name, "get", 1024 * 1024 - 2048 - i, Kept).Guard();
        for (var i = 0; i < 2; i++) await caller.CallAsync<int, byte[]>(name, "get", 1024 * 1024 - 2048, Kept).Guard();

        Assert.Equal([.. Enumerable.Repeat("miss", 8), "hit", "hit"], found);
        listener.RecordObservableInstruments();
        Assert.True(sizes["rpc.client.cache.entries"] >= 8);
        Assert.True(sizes["rpc.client.cache.size"] > Large - 64 * 1024, $"{sizes["rpc.client.cache.size"]}");
        await caller.DisposeAsync();
        await Eventually.HoldsAsync(
            () =>
            {
                listener.RecordObservableInstruments();
                return sizes["rpc.client.cache.size"] < Large / 2;
            },
            () => $"{sizes["rpc.client.cache.size"]}");
    }
}
