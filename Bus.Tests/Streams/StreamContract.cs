using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Rpc;
using Bus.Core.Streams;
using Bus.Tests.Client;

namespace Bus.Tests.Streams;

/// <summary>Streams from a service, to it and both ways: items, ends, errors, limits.</summary>
public abstract class StreamContract<TFixture> : StreamSuite<TFixture>
    where TFixture : BusFixture, new()
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task All_that_a_handler_yields_comes_in_order(int count)
    {
        await ConnectAsync();
        await using var service = await Bus.ServeAsync("numbers", s => s.Stream<int, int>("up-to", (n, _) => Numbers(n))).Guard();

        var numbers = await Caller.CallStreamAsync<int, int>("numbers", "up-to", count, Patient).ToListAsync().AsTask().Guard();

        Assert.Equal(Enumerable.Range(1, count), numbers);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task All_that_a_caller_sends_comes_in_order(int count)
    {
        await ConnectAsync();
        await using var service = await Bus.ServeAsync("numbers", s => s.Upload<int, int[]>("list", async (items, _) => await items.ToArrayAsync())).Guard();

        var numbers = await Caller.CallUploadAsync<int, int[]>("numbers", "list", Numbers(count), Patient).Guard();

        Assert.Equal(Enumerable.Range(1, count), numbers);
    }

    [Fact]
    public async Task Both_ways_go_on_side_by_side()
    {
        await ConnectAsync();
        await using var service = await Bus.ServeAsync("numbers", s => s.Duplex<int, string>("name", (items, context) => items.Select(n => $"{n} of {context.Service}"))).Guard();

        var names = await Caller.CallDuplexAsync<int, string>("numbers", "name", Numbers(1000), Patient).ToListAsync().AsTask().Guard();

        Assert.Equal(Enumerable.Range(1, 1000).Select(n => $"{n} of numbers"), names);
    }

    [Fact]
    public async Task Any_payload_can_be_an_item()
    {
        await ConnectAsync();
        await using var service = await Bus.ServeAsync("echo", s => s
            .Duplex<Order, Order>("orders", (items, _) => items)
            .Duplex<string, string>("texts", (items, _) => items)
            .Duplex<byte[], byte[]>("bytes", (items, _) => items)).Guard();

        Assert.Equal([new Order(1, "Ada"), new Order(2, "Bob")], await Caller.CallDuplexAsync<Order, Order>("echo", "orders", Of(new Order(1, "Ada"), new Order(2, "Bob")), Patient).ToListAsync().AsTask().Guard());
        Assert.Equal(["a", "", "ö"], await Caller.CallDuplexAsync<string, string>("echo", "texts", Of("a", "", "ö"), Patient).ToListAsync().AsTask().Guard());
        var bytes = await Caller.CallDuplexAsync<byte[], byte[]>("echo", "bytes", Of<byte[]>([], [1, 2], new byte[200_000]), Patient).ToListAsync().AsTask().Guard();
        Assert.Equal([0, 2, 200_000], bytes.Select(item => item.Length));
    }

    [Fact]
    public async Task Items_larger_than_the_window_pass_one_by_one()
    {
        await ConnectAsync();
        await using var service = await Bus.ServeAsync("echo", s => s.Duplex<byte[], byte[]>("bytes", (items, _) => items, new MethodOptions { Window = new StreamWindow { Items = 1, Bytes = 1 } })).Guard();
        var options = Patient with { Window = new StreamWindow { Items = 3, Bytes = 10 } };

        var items = await Caller.CallDuplexAsync<byte[], byte[]>("echo", "bytes", Numbers(100).Select(n => new byte[n]), options).ToListAsync().AsTask().Guard();

        Assert.Equal(Enumerable.Range(1, 100), items.Select(item => item.Length));
    }

    [Fact]
    public async Task An_error_comes_behind_what_was_sent_before_it()
    {
        await ConnectAsync();
        await using var service = await Bus.ServeAsync("numbers", s => s
            .Stream<int, int>("then-throw", (n, _) => Numbers(n).Concat(Throw(new RemoteErrorException("no more of them", 410, "out-of-numbers"))))
            .Stream<int, int>("then-fail", (n, _) => Numbers(n).Concat(Throw(new InvalidOperationException("it broke"))))).Guard();

        var (items, error) = await ReadAsync("then-throw");
        Assert.Equal([1, 2, 3], items);
        Assert.Equal((410, "out-of-numbers", "no more of them"), (error.Code, error.Error, error.Text));
        (items, error) = await ReadAsync("then-fail");
        Assert.Equal([1, 2, 3], items);
        Assert.Equal((500, BusErrors.HandlerFailed, "it broke"), (error.Code, error.Error, error.Text));

        async Task<(int[] Items, RemoteErrorException Error)> ReadAsync(string method)
        {
            var read = new List<int>();
            var thrown = await Assert.ThrowsAsync<RemoteErrorException>(() => Caller.CallStreamAsync<int, int>("numbers", method, 3, Patient).ForEachAsync(read.Add).Guard());
            return ([.. read], thrown);
        }
    }

    [Fact]
    public async Task An_error_of_what_the_caller_sends_is_thrown_on_both_sides()
    {
        await ConnectAsync();
        var seen = new TaskCompletionSource<(int, Exception)>();
        await using var service = await Bus.ServeAsync("numbers", s => s.Upload<int, int>("sum", async (items, _) =>
        {
            var sum = 0;
            try
            {
                await foreach (var item in items) sum += item;
                return sum;
            }
            catch (Exception e)
            {
                seen.SetResult((sum, e));
                throw;
            }
        })).Guard();
        var mine = new InvalidOperationException("my disk is full");

        Assert.Same(mine, await Assert.ThrowsAsync<InvalidOperationException>(() => Caller.CallUploadAsync<int, int>("numbers", "sum", Numbers(3).Concat(Throw(mine)), Patient).Guard()));

        var (sum, error) = await seen.Task.Guard();
        var remote = Assert.IsType<RemoteErrorException>(error);
        Assert.Equal((6, BusErrors.UploadFailed, "my disk is full"), (sum, remote.Error, remote.Text));
    }

    [Fact]
    public async Task An_error_of_what_the_caller_sends_does_not_wait_for_the_service()
    {
        await ConnectAsync();
        var (seen, go) = (new TaskCompletionSource<Exception>(), new TaskCompletionSource());
        await using var service = await Bus.ServeAsync("numbers", s => s
            .Upload<int, int>("sum", async (items, _) => await HearAsync(items))
            .Duplex<int, int>("same", (items, _) => AsyncEnumerable.Range(1, 1).Select(async (int _, CancellationToken _) => await HearAsync(items)))).Guard();
        // Also those by which the library says something itself.
        foreach (var odd in (Exception[])[new TimeoutException("my disk is slow"), new OperationCanceledException("my disk was taken out")])
        {
            Assert.Same(odd, await Assert.ThrowsAnyAsync<Exception>(() => Caller.CallUploadAsync<int, int>("numbers", "sum", Throw(odd), Patient).Guard()));
            await seen.Task.Guard();
            seen = new TaskCompletionSource<Exception>();
        }

        var mine = new InvalidOperationException("my disk is full");
        Assert.Same(mine, await Assert.ThrowsAsync<InvalidOperationException>(() => Caller.CallUploadAsync<int, int>("numbers", "sum", Numbers(3).Concat(Throw(mine)), Patient).Guard()));
        Assert.Equal(BusErrors.UploadFailed, Assert.IsType<RemoteErrorException>(await seen.Task.Guard()).Error);
        seen = new TaskCompletionSource<Exception>();
        Assert.Same(mine, await Assert.ThrowsAsync<InvalidOperationException>(() => Caller.CallDuplexAsync<int, int>("numbers", "same", Numbers(3).Concat(Throw(mine)), Patient).CountAsync().AsTask().Guard()));
        Assert.Equal(BusErrors.UploadFailed, Assert.IsType<RemoteErrorException>(await seen.Task.Guard()).Error);
        go.SetResult();

        async Task<int> HearAsync(IAsyncEnumerable<int> items)
        {
            seen.SetResult(await Assert.ThrowsAnyAsync<Exception>(() => items.CountAsync().AsTask()));
            await go.Task;
            return 0;
        }
    }

    [Fact]
    public async Task What_cannot_be_read_is_told_to_who_has_sent_it()
    {
        await ConnectAsync();
        await using var service = await Bus.ServeAsync("numbers", s => s
            .Upload<int, int>("sum", async (items, _) => await items.SumAsync())
            .Stream<string, string>("names", (_, _) => Of("one"))).Guard();

        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => Caller.CallUploadAsync<string, int>("numbers", "sum", Of("no number"), Patient).Guard());
        Assert.Equal((400, BusErrors.BadRequest), (error.Code, error.Error));
        await Assert.ThrowsAsync<PayloadFormatException>(() => Caller.CallStreamAsync<string, int>("numbers", "names", "", Patient).ToListAsync().AsTask().Guard());
    }

    [Fact]
    public async Task Too_large_an_item_ends_it_with_an_error_of_its_own()
    {
        await ConnectAsync();
        await using var service = await Bus.ServeAsync("bytes", s => s
            .Stream<int, byte[]>("many", (n, _) => Of<byte[]>(new byte[n]))
            .Upload<byte[], int>("length", async (items, _) => await items.Select(item => item.Length).SumAsync())).Guard();

        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => Caller.CallStreamAsync<int, byte[]>("bytes", "many", 2_000_000, Patient).ToListAsync().AsTask().Guard());
        Assert.Equal((500, BusErrors.PayloadTooLarge), (error.Code, error.Error));
        await Assert.ThrowsAsync<PayloadTooLargeException>(() => Caller.CallUploadAsync<byte[], int>("bytes", "length", Of<byte[]>(new byte[2_000_000]), Patient).Guard());
    }

    [Fact]
    public async Task Who_calls_in_the_wrong_way_is_told()
    {
        await ConnectAsync();
        var carriedOut = 0;
        await using var service = await Bus.ServeAsync("numbers", s => s
            .Stream<int, int>("up-to", (n, _) => Numbers(n))
            .Endpoint<int, int>("next", (n, _) => carriedOut = n + 1)).Guard();

        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => Caller.CallAsync<int, int>("numbers", "up-to", 3).Guard());
        Assert.Equal((400, BusErrors.BadRequest), (error.Code, error.Error));
        error = await Assert.ThrowsAsync<RemoteErrorException>(() => Caller.CallStreamAsync<int, int>("numbers", "next", 3).ToListAsync().AsTask().Guard());
        Assert.Equal((400, BusErrors.BadRequest, 0), (error.Code, error.Error, carriedOut));
        var unknown = await Assert.ThrowsAsync<MethodNotFoundException>(() => Caller.CallStreamAsync<int, int>("numbers", "prime", 3).ToListAsync().AsTask().Guard());
        Assert.Equal(["next", "up-to"], unknown.Available);
        await Assert.ThrowsAsync<ServiceNotFoundException>(() => Caller.CallUploadAsync<int, int>("letters", "list", Numbers(3)).Guard());
        Assert.Throws<ArgumentOutOfRangeException>(() => Caller.CallStreamAsync<int, int>("numbers", "up-to", 3, new StreamCallOptions { Window = new StreamWindow { Items = 0 } }));
    }

    [Fact]
    public async Task It_counts_as_one_call_and_tells_which_way_it_goes()
    {
        await ConnectAsync();
        await using var service = await Bus.ServeAsync("numbers", s => s
            .Stream<int, int>("up-to", (n, _) => Numbers(n))
            .Stream<int, int>("broken", (_, _) => Throw(new InvalidOperationException("it broke")))).Guard();

        await Caller.CallStreamAsync<int, int>("numbers", "up-to", 100, Patient).CountAsync().AsTask().Guard();
        await Assert.ThrowsAsync<RemoteErrorException>(() => Caller.CallStreamAsync<int, int>("numbers", "broken", 100, Patient).CountAsync().AsTask().Guard());
        await service.DrainAsync().Guard();

        Assert.Equal([(1, 0, null), (1, 1, "it broke")], service.GetStatus().Methods.Select(method => (method.Requests, method.Errors, method.LastError)));
    }

    [Fact]
    public async Task Its_context_flows_on()
    {
        await ConnectAsync();
        await using var inner = await Bus.ServeAsync("inner", s => s.Stream<int, string>("do", (_, context) => Of(string.Join('>', context.Chain)))).Guard();
        await using var outer = await Bus.ServeAsync("outer", s => s.Stream<int, string>("do", (n, context) => Nested(n, context))).Guard();

        Assert.Equal(["outer>inner", "outer.do"], await Caller.CallStreamAsync<int, string>("outer", "do", 1, Patient).ToListAsync().AsTask().Guard());

        async IAsyncEnumerable<string> Nested(int n, CallContext context)
        {
            await foreach (var item in Bus.CallStreamAsync<int, string>("inner", "do", n, Patient)) yield return item;
            yield return $"{CallContext.Current?.Service}.{context.Method}";
        }
    }

    [Fact]
    public async Task Methods_can_be_added_later()
    {
        await ConnectAsync();
        await using var service = await Bus.ServeAsync("numbers").Guard();
        await service.AddStreamAsync<int, int>("up-to", (n, _) => Numbers(n)).Guard();
        await service.AddUploadAsync<int, int>("sum", async (items, _) => await items.SumAsync()).Guard();
        await service.AddDuplexAsync<int, int>("echo", (items, _) => items).Guard();

        Assert.Equal(3, await Caller.CallStreamAsync<int, int>("numbers", "up-to", 3, Patient).CountAsync().AsTask().Guard());
        Assert.Equal(6, await Caller.CallUploadAsync<int, int>("numbers", "sum", Numbers(3), Patient).Guard());
        Assert.Equal([1, 2, 3], await Caller.CallDuplexAsync<int, int>("numbers", "echo", Numbers(3), Patient).ToListAsync().AsTask().Guard());
    }

    private static IAsyncEnumerable<int> Numbers(int count) => AsyncEnumerable.Range(1, count);

    private static IAsyncEnumerable<T> Of<T>(params T[] items) => items.ToAsyncEnumerable();

    private static async IAsyncEnumerable<int> Throw(Exception error)
    {
        await Task.Yield();
        if (error.Message.Length > 0) throw error;
        yield return 0;
    }
}

internal static class StreamReading
{
    /// <summary>Reads to the end.</summary>
    public static async Task ForEachAsync<T>(this IAsyncEnumerable<T> items, Action<T> each)
    {
        await foreach (var item in items) each(item);
    }
}

public sealed class LocalStreamTests : StreamContract<LocalBusFixture>;

public sealed class UnixStreamTests : StreamContract<UnixBusFixture>;

public sealed class TcpStreamTests : StreamContract<TcpBusFixture>;

public sealed class PipeStreamTests : StreamContract<PipeBusFixture>;
