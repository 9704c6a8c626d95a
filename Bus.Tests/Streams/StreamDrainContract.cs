using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Core.Streams;
using Bus.Tests.Client;
using Bus.Tests.Core.Calls;
using Bus.Tests.Processes;

namespace Bus.Tests.Streams;

/// <summary>Streams that somebody has left lying, neither read nor disposed, do not keep others from closing.</summary>
public abstract class StreamDrainContract<TFixture> : StreamSuite<TFixture>
    where TFixture : BusFixture, new()
{
    private static readonly StreamCallOptions Brief = Patient with { IdleTimeout = TimeSpan.FromSeconds(3) };

    [Fact]
    public async Task A_bus_whose_reader_has_left_a_stream_lying_is_drained_and_the_service_hears_of_it()
    {
        await ConnectAsync();
        await using var service = await ServeEndlessAsync();
        await using var reading = Caller.CallStreamAsync<int, int>("endless", "count", 0, Brief).GetAsyncEnumerator();
        Assert.True(await reading.MoveNextAsync().AsTask().Guard());

        await Caller.DrainAsync().Guard();

        await Disposed.Task.Guard();
        // What has come is read, and then why there is no more.
        var error = await Assert.ThrowsAsync<BusClosedException>(() => ReadToEndAsync(reading).Guard());
        Assert.Contains("'endless.count' was ended", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_waits_for_the_next_item_has_not_left_it()
    {
        await ConnectAsync();
        var go = new TaskCompletionSource();
        await using var service = await Bus.ServeAsync("slow", s => s.Stream<int, int>("read", (_, _) => OneAsync())).Guard();
        await using var reading = Caller.CallStreamAsync<int, int>("slow", "read", 0, Patient).GetAsyncEnumerator();
        var first = reading.MoveNextAsync().AsTask();
        await Begun.Task.Guard();

        var draining = Caller.DrainAsync();
        go.SetResult();

        Assert.True(await first.Guard());
        Assert.False(await reading.MoveNextAsync().AsTask().Guard());
        await draining.Guard();

        async IAsyncEnumerable<int> OneAsync()
        {
            Begun.TrySetResult();
            await go.Task;
            yield return 1;
        }
    }

    [Fact]
    public async Task A_service_whose_caller_has_left_a_stream_lying_is_drained()
    {
        await ConnectAsync();
        var time = new ManualTime();
        var service = await Bus.ServeAsync("endless", s => s.Stream<int, int>("count", (_, _) => EndlessAsync()), new ServiceOptions { Time = time }).Guard();
        await using var reading = Caller.CallStreamAsync<int, int>("endless", "count", 0, Patient with { Window = new StreamWindow { Items = 2 } }).GetAsyncEnumerator();
        Assert.True(await reading.MoveNextAsync().AsTask().Guard());

        var draining = service.DrainAsync();
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(10));
                return draining.IsCompleted;
            },
            () => $"{service.GetStatus()}");

        await draining;
        await Disposed.Task.Guard();
        Assert.Equal((499, BusErrors.Cancelled), await ErrorOf(ReadToEndAsync(reading)));
    }

    private static async Task ReadToEndAsync(IAsyncEnumerator<int> reading)
    {
        while (await reading.MoveNextAsync())
        {
            // Whatever it is.
        }
    }
}

public sealed class LocalStreamDrainTests : StreamDrainContract<LocalBusFixture>;

public sealed class UnixStreamDrainTests : StreamDrainContract<UnixBusFixture>;

public sealed class TcpStreamDrainTests : StreamDrainContract<TcpBusFixture>;

public sealed class PipeStreamDrainTests : StreamDrainContract<PipeBusFixture>;
