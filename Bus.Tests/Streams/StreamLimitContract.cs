using System.Threading.Channels;
using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Tests.Client;

namespace Bus.Tests.Streams;

/// <summary>What limits streams: time, places of the service, draining and stopping.</summary>
public abstract class StreamLimitContract<TFixture> : StreamSuite<TFixture>
    where TFixture : BusFixture, new()
{
    [Fact]
    public async Task Stopping_the_service_ends_the_reader_with_an_error()
    {
        await ConnectAsync();
        var service = await ServeHangingAsync();
        var reading = Caller.CallStreamAsync<int, int>("hanging", "stream", 0, Patient).CountAsync().AsTask();
        await Begun.Task.Guard();

        await service.DisposeAsync().AsTask().Guard();

        Assert.Equal((499, BusErrors.Cancelled), await ErrorOf(reading));
    }

    [Fact]
    public async Task Draining_the_service_waits_for_its_streams_and_takes_no_more()
    {
        await ConnectAsync();
        var items = Channel.CreateUnbounded<int>();
        var service = await Bus.ServeAsync("slow", s => s.Stream<int, int>("read", (n, _) => n == 0 ? items.Reader.ReadAllAsync() : Channel.CreateUnbounded<int>().Reader.ReadAllAsync())).Guard();
        await using var reading = Caller.CallStreamAsync<int, int>("slow", "read", 0, Patient).GetAsyncEnumerator();
        items.Writer.TryWrite(1);
        Assert.True(await reading.MoveNextAsync().AsTask().Guard());

        var draining = service.DrainAsync();
        await Assert.ThrowsAsync<ServiceNotFoundException>(UntilRefusedAsync);
        Assert.False(draining.IsCompleted);
        items.Writer.TryWrite(2);
        items.Writer.Complete();

        Assert.True(await reading.MoveNextAsync().AsTask().Guard());
        Assert.Equal(2, reading.Current);
        Assert.False(await reading.MoveNextAsync().AsTask().Guard());
        await draining.Guard();

        // It may take some calls on until the bus knows.
        async Task UntilRefusedAsync()
        {
            while (true)
            {
                try
                {
                    await Caller.CallStreamAsync<int, int>("slow", "read", 1, Patient with { IdleTimeout = TimeSpan.FromMilliseconds(20) }).CountAsync().AsTask().Guard();
                }
                catch (RequestTimeoutException)
                {
                    // It was taken on.
                }
            }
        }
    }

    [Fact]
    public async Task Draining_the_caller_s_bus_waits_for_what_it_reads()
    {
        await ConnectAsync();
        var items = Channel.CreateUnbounded<int>();
        await using var service = await Bus.ServeAsync("slow", s => s.Stream<int, int>("read", (_, _) => items.Reader.ReadAllAsync())).Guard();
        await using var reading = Caller.CallStreamAsync<int, int>("slow", "read", 0, Patient).GetAsyncEnumerator();
        items.Writer.TryWrite(1);
        Assert.True(await reading.MoveNextAsync().AsTask().Guard());

        var draining = Caller.DrainAsync();
        items.Writer.TryWrite(2);
        items.Writer.Complete();
        Assert.True(await reading.MoveNextAsync().AsTask().Guard());
        Assert.Equal(2, reading.Current);
        Assert.False(await reading.MoveNextAsync().AsTask().Guard());
        await draining.Guard();
    }

    [Fact]
    public async Task A_stream_that_hangs_ends_when_its_time_is_up()
    {
        await ConnectAsync();
        await using var service = await ServeHangingAsync();

        var error = await Assert.ThrowsAsync<RequestTimeoutException>(() => Caller.CallStreamAsync<int, int>("hanging", "stream", 0, Patient with { TotalTimeout = TimeSpan.FromMilliseconds(300) }).CountAsync().AsTask().Guard());
        Assert.Equal(TimeSpan.FromMilliseconds(300), error.Timeout);
        error = await Assert.ThrowsAsync<RequestTimeoutException>(() => Caller.CallStreamAsync<int, int>("hanging", "stream", 0, Patient with { IdleTimeout = TimeSpan.FromMilliseconds(30) }).CountAsync().AsTask().Guard());
        Assert.Equal(TimeSpan.FromMilliseconds(30), error.Timeout);
        // The service has let go of both.
        await service.DrainAsync().Guard();
    }

    [Fact]
    public async Task An_upload_that_hangs_ends_when_its_time_is_up()
    {
        await ConnectAsync();
        await using var service = await Bus.ServeAsync("sink", s => s
            .Upload<int, int>("silent", async (items, _) =>
            {
                await items.CountAsync();
                await new TaskCompletionSource().Task;
                return 0;
            })
            .Upload<int, int>("full", async (_, _) =>
            {
                await new TaskCompletionSource().Task;
                return 0;
            })).Guard();

        await Assert.ThrowsAsync<RequestTimeoutException>(() => Caller.CallUploadAsync<int, int>("sink", "silent", AsyncEnumerable.Range(0, 3), new StreamCallOptions { Timeout = TimeSpan.FromSeconds(1) }).Guard());
        await Assert.ThrowsAsync<RequestTimeoutException>(() => Caller.CallUploadAsync<int, int>("sink", "full", EndlessAsync(), new StreamCallOptions { Timeout = TimeSpan.FromSeconds(1), IdleTimeout = TimeSpan.FromMilliseconds(50) }).Guard());
        await service.DrainAsync().Guard();
    }

    [Fact]
    public async Task The_time_of_the_call_that_it_is_made_in_limits_it()
    {
        await ConnectAsync();
        await using var inner = await ServeHangingAsync();
        var seen = new TaskCompletionSource<Exception>();
        await using var outer = await Bus.ServeAsync("outer", s => s.Endpoint<int, int>("do", async (n, _) =>
        {
            try
            {
                return await Bus.CallStreamAsync<int, int>("hanging", "stream", n, Patient).CountAsync();
            }
            catch (Exception e)
            {
                seen.TrySetResult(e);
                throw;
            }
        })).Guard();

        await Assert.ThrowsAnyAsync<BusException>(() => Caller.CallAsync<int, int>("outer", "do", 0, new ServiceCallOptions { Timeout = TimeSpan.FromSeconds(2) }).Guard());

        var error = await seen.Task.Guard();
        Assert.True(error is DeadlineExceededException or OperationCanceledException, $"{error}");
        // Only when the stream is over.
        await inner.DrainAsync().Guard();
    }

    [Fact]
    public async Task A_method_has_a_limit_of_its_own()
    {
        await ConnectAsync();
        await using var service = await ServeHangingAsync(new MethodOptions { Timeout = TimeSpan.FromMilliseconds(50) });

        Assert.Equal((504, BusErrors.Timeout), await ErrorOf(Caller.CallStreamAsync<int, int>("hanging", "stream", 0, Patient).CountAsync().AsTask()));
    }

    [Fact]
    public async Task Streams_take_places_of_the_service()
    {
        await ConnectAsync();
        await using var service = await ServeHangingAsync(options: null, new ServiceOptions { MaxConcurrency = 1, MaxWaiting = 0 });
        await using var reading = Caller.CallStreamAsync<int, int>("hanging", "stream", 0, Patient).GetAsyncEnumerator();
        Assert.True(await reading.MoveNextAsync().AsTask().Guard());

        Assert.Equal((429, BusErrors.Overloaded), await ErrorOf(Caller.CallStreamAsync<int, int>("hanging", "stream", 0, Patient).CountAsync().AsTask()));
    }
}

public sealed class LocalStreamLimitTests : StreamLimitContract<LocalBusFixture>;

public sealed class UnixStreamLimitTests : StreamLimitContract<UnixBusFixture>;

public sealed class TcpStreamLimitTests : StreamLimitContract<TcpBusFixture>;

public sealed class PipeStreamLimitTests : StreamLimitContract<PipeBusFixture>;
