using System.Runtime.CompilerServices;
using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Core.Streams;
using Bus.Tests.Client;

namespace Bus.Tests.Streams;

/// <summary>How streams end before their end, and how they are held up: readers that stop, are slow or leave.</summary>
public abstract class StreamEndContract<TFixture> : StreamSuite<TFixture>
    where TFixture : BusFixture, new()
{
    [Fact]
    public async Task A_reader_that_has_enough_ends_the_enumeration_of_the_sender()
    {
        await ConnectAsync();
        await using var service = await ServeEndlessAsync();

        Assert.Equal([0, 1, 2], await Caller.CallStreamAsync<int, int>("endless", "count", 0, Patient).Take(3).ToListAsync().AsTask().Guard());

        await Disposed.Task.Guard();
        await service.DrainAsync().Guard();
        // It has done all that was wanted of it.
        Assert.Equal((1, 0), service.GetStatus().Methods.Select(method => (method.Requests, method.Errors)).First());
    }

    [Fact]
    public async Task A_service_that_has_enough_ends_the_enumeration_of_the_caller_and_may_still_answer()
    {
        await ConnectAsync();
        await using var service = await Bus.ServeAsync("few", s => s.Upload<int, int>("sum", async (items, _) => await items.Take(3).SumAsync())).Guard();

        Assert.Equal(3, await Caller.CallUploadAsync<int, int>("few", "sum", EndlessAsync(), Patient).Guard());
        await Disposed.Task.Guard();
    }

    [Fact]
    public async Task A_service_that_answers_without_reading_ends_it_too()
    {
        await ConnectAsync();
        await using var service = await Bus.ServeAsync("few", s => s.Upload<int, int>("none", async (_, _) =>
        {
            await Begun.Task;
            return 7;
        })).Guard();

        Assert.Equal(7, await Caller.CallUploadAsync<int, int>("few", "none", EndlessAsync(), Patient).Guard());
        await Disposed.Task.Guard();
    }

    [Fact]
    public async Task Nothing_is_made_that_the_reader_has_no_room_for()
    {
        await ConnectAsync();
        var (made, most) = (0, 0);
        await using var service = await Bus.ServeAsync("bytes", s => s.Stream<int, byte[]>("make", (_, _) => MakeAsync())).Guard();
        var options = Patient with { Window = new StreamWindow { Items = 1000, Bytes = 50_000 } };

        var read = 0;
        await foreach (var item in Caller.CallStreamAsync<int, byte[]>("bytes", "make", 0, options))
        {
            // All that can be sent has come before this.
            if (read % 20 == 0) await Bus.FlushAsync().Guard();
            most = Math.Max(most, Volatile.Read(ref made) - read);
            Assert.Equal(10_000, item.Length);
            if (++read == 200) break;
        }

        // 5 fill the window, one is on its way to the reader, and the sender waits before it makes the next.
        Assert.InRange(most, 2, 7);

        async IAsyncEnumerable<byte[]> MakeAsync()
        {
            while (true)
            {
                await Task.Yield();
                Interlocked.Increment(ref made);
                yield return new byte[10_000];
            }
        }
    }

    [Fact]
    public async Task A_reader_that_does_not_read_holds_up_its_own_stream_only()
    {
        await ConnectAsync();
        await using var service = await ServeEndlessAsync();
        await using var slow = Caller.CallStreamAsync<int, int>("endless", "count", 0, Patient).GetAsyncEnumerator();
        Assert.True(await slow.MoveNextAsync().AsTask().Guard());

        Assert.Equal(Enumerable.Range(0, 1000), await Caller.CallStreamAsync<int, int>("endless", "count", 0, Patient).Take(1000).ToListAsync().AsTask().Guard());

        for (var n = 1; n < 500; n++)
        {
            Assert.True(await slow.MoveNextAsync().AsTask().Guard());
            Assert.Equal(n, slow.Current);
        }
    }

    [Fact]
    public async Task Cancelling_the_caller_cancels_the_service()
    {
        await ConnectAsync();
        await using var service = await ServeHangingAsync();
        using var cancellation = new CancellationTokenSource();
        var reading = Caller.CallStreamAsync<int, int>("hanging", "stream", 0, Patient, cancellation.Token).CountAsync().AsTask();
        await Begun.Task.Guard();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Guard());
        await Disposed.Task.Guard();
    }

    [Fact]
    public async Task Cancelling_an_upload_cancels_the_service_and_what_is_sent()
    {
        await ConnectAsync();
        var (begun, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var service = await Bus.ServeAsync("sink", s => s.Upload<int, int>("all", async (items, context) =>
        {
            context.CancellationToken.Register(() => cancelled.TrySetResult());
            await foreach (var _ in items) begun.TrySetResult();
            return 0;
        })).Guard();
        using var cancellation = new CancellationTokenSource();
        var sending = Caller.CallUploadAsync<int, int>("sink", "all", EndlessAsync(), Patient, cancellation.Token);
        await begun.Task.Guard();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.Guard());
        await cancelled.Task.Guard();
        await Disposed.Task.Guard();
    }

    [Fact]
    public async Task What_is_thrown_when_a_call_ends_keeps_no_drain_waiting()
    {
        await ConnectAsync();
        await using var service = await Bus.ServeAsync("few", s => s.Duplex<int, int>("echo", (items, _) => items)).Guard();

        // Its token is cancelled by the end of the call, and what hears of that throws: here, unless the service was faster to want no more.
        await Record.ExceptionAsync(() => Caller.CallDuplexAsync<int, int>("few", "echo", ThrowWhenCancelledAsync(), Patient).FirstAsync().AsTask().Guard());

        await Caller.DrainAsync().Guard();

        static async IAsyncEnumerable<int> ThrowWhenCancelledAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            cancellationToken.Register(() => throw new InvalidOperationException("no end for me"));
            yield return 1;
            await new TaskCompletionSource().Task;
        }
    }

    [Fact]
    public async Task A_handler_that_still_reads_when_its_answers_have_ended_hears_that_it_is_over()
    {
        await ConnectAsync();
        var reading = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = await Bus.ServeAsync("few", s => s.Duplex<int, int>("none", (items, _) =>
        {
            // Without the token of the call.
            reading.SetResult(Task.Run(async () => await items.CountAsync(CancellationToken.None)));
            return AsyncEnumerable.Empty<int>();
        })).Guard();

        Assert.Equal(0, await Caller.CallDuplexAsync<int, int>("few", "none", HangAsync(), Patient).CountAsync().AsTask().Guard());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await (await reading.Task.Guard()).Guard());

        static async IAsyncEnumerable<int> HangAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            yield return 0;
        }
    }

    [Fact]
    public async Task The_end_of_the_caller_s_bus_ends_the_sender()
    {
        await ConnectAsync();
        await using var service = await ServeHangingAsync();
        var reading = Caller.CallStreamAsync<int, int>("hanging", "stream", 0, Patient).CountAsync().AsTask();
        await Begun.Task.Guard();

        await Caller.AbortAsync();

        await Assert.ThrowsAsync<BusClosedException>(() => reading.Guard());
        await Disposed.Task.Guard();
    }

    [Fact]
    public async Task The_end_of_the_service_s_bus_ends_the_reader_behind_what_was_sent()
    {
        await ConnectAsync();
        await using var service = await ServeHangingAsync();
        await using var reading = Caller.CallStreamAsync<int, int>("hanging", "stream", 0, Patient).GetAsyncEnumerator();
        Assert.True(await reading.MoveNextAsync().AsTask().Guard());

        await Bus.AbortAsync();

        Assert.Equal("hanging.stream", (await Assert.ThrowsAsync<ResponderLostException>(() => reading.MoveNextAsync().AsTask().Guard())).Topic);
    }

    [Fact]
    public async Task The_end_of_the_service_s_bus_ends_an_upload()
    {
        await ConnectAsync();
        await using var service = await Bus.ServeAsync("sink", s => s.Upload<int, int>("all", async (items, _) => await items.CountAsync())).Guard();
        var sending = Caller.CallUploadAsync<int, int>("sink", "all", EndlessAsync(), Patient);
        await Begun.Task.Guard();

        await Bus.AbortAsync();

        await Assert.ThrowsAsync<ResponderLostException>(() => sending.Guard());
        await Disposed.Task.Guard();
    }
}

public sealed class LocalStreamEndTests : StreamEndContract<LocalBusFixture>;

public sealed class UnixStreamEndTests : StreamEndContract<UnixBusFixture>;

public sealed class TcpStreamEndTests : StreamEndContract<TcpBusFixture>;

public sealed class PipeStreamEndTests : StreamEndContract<PipeBusFixture>;
