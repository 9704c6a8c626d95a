using Bus.Core.Client;
using Bus.Core.Contracts;
using Bus.Core.Rpc;
using Bus.Core.Streams;
using Bus.Tests.Client;
using Bus.Tests.Streams;

namespace Bus.Tests.Contracts;

/// <summary>Methods of contracts that answer with a stream, take one, or both.</summary>
public abstract class StreamedContract<TFixture> : StreamSuite<TFixture>
    where TFixture : BusFixture, new()
{
    private static readonly ServiceCallOptions Long = new() { Timeout = TimeSpan.FromMinutes(10) };

    private readonly Feed _feed = new();

    private async Task<IFeed> ServeAsync()
    {
        await ConnectAsync();
        await Bus.ServeAsync<IFeed>(_feed).Guard();
        return Caller.Contract<IFeed>(Long);
    }

    [Fact]
    public async Task Items_go_to_the_caller_to_the_service_and_both_ways()
    {
        var feed = await ServeAsync();

        Assert.Equal([10, 11, 12], await feed.CountAsync(10).Take(3).ToListAsync().AsTask().Guard());
        Assert.Equal(["log 1 for follow", "log 2 for follow"], await feed.FollowAsync("log").ToListAsync().AsTask().Guard());
        Assert.Equal(100, await feed.FollowAsync("log", last: 100).CountAsync().AsTask().Guard());
        Assert.Equal([1, 2, 3], await feed.AllAsync().Select(piece => piece.Length).ToListAsync().AsTask().Guard());
        Assert.Equal(500_500, await feed.SumAsync(AsyncEnumerable.Range(1, 1000)).Guard());
        await feed.StoreAsync("a", AsyncEnumerable.Repeat(new byte[100_000], 30)).AsTask().Guard();
        await feed.StoreAsync("b", AsyncEnumerable.Empty<byte[]>(), isNew: false).AsTask().Guard();
        Assert.Equal(["a: 3000000 (True)", "b: 0 (False)"], _feed.Stored);
        Assert.Equal(["n1", "n2", "n3"], await feed.NameAsync(AsyncEnumerable.Range(1, 3), "n").ToListAsync().AsTask().Guard());
    }

    [Fact]
    public async Task The_window_of_a_client_and_its_patience_are_options()
    {
        await ConnectAsync();
        await using var service = await Bus.ServeAsync<IFeed>(_feed).Guard();
        var feed = Caller.Contract<IFeed>(Long with { Streams = new StreamCallOptions { Window = new StreamWindow { Items = 2 } } });

        await using var counting = feed.CountAsync(10).GetAsyncEnumerator();
        for (var n = 0; n < 100; n++)
        {
            Assert.True(await counting.MoveNextAsync().AsTask().Guard());
            // Two wait, and the sender may have asked for the next.
            Assert.InRange(_feed.Made - (counting.Current - 10), 0, 5);
        }

        var impatient = Caller.Contract<IFeed>(Long with { Streams = new StreamCallOptions { IdleTimeout = TimeSpan.FromMilliseconds(20) } });
        await Assert.ThrowsAsync<RequestTimeoutException>(() => impatient.HangAsync().CountAsync().AsTask().Guard());
    }

    [Fact]
    public async Task Each_side_may_do_without_the_contract()
    {
        var feed = await ServeAsync();

        Assert.Equal(["x 1 for follow"], await Caller.CallStreamAsync<string, string>("feed", "follow", """{"name":"x","last":1}""", Patient).ToListAsync().AsTask().Guard());
        Assert.Equal(6, await Caller.CallUploadAsync<int, long>("feed", "sum", AsyncEnumerable.Range(1, 3), Patient).Guard());
        Assert.Equal(["p7"], await Caller.CallDuplexAsync<string, int, string>("feed", "name", "p", AsyncEnumerable.Repeat(7, 1), Patient).ToListAsync().AsTask().Guard());
        var kinds = Assert.Single(await Caller.GetServicesAsync("feed").Guard()).Endpoints.ToDictionary(endpoint => endpoint.Name, endpoint => endpoint.Metadata!["bus-stream"]);
        Assert.Equal("all answers, count answers, follow answers, hang answers, name duplex, store upload, sum upload", string.Join(", ", kinds.OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => $"{kind.Key} {kind.Value}")));

        await using var other = await Bus.ServeAsync("other", s => s
            .Upload<string, int, string>("store", async (request, items, _) => $"{request} and {await items.SumAsync()}")
            .Duplex<int, int, int>("add", (request, items, _) => items.Select(item => item + request))).Guard();
        Assert.Equal("""{"a":1} and 6""", await Caller.CallUploadAsync<string, int, string>("other", "store", """{"a":1}""", AsyncEnumerable.Range(1, 3), Patient).Guard());
        Assert.Equal([11, 12], await Caller.CallDuplexAsync<int, int, int>("other", "add", 10, AsyncEnumerable.Range(1, 2), Patient).ToListAsync().AsTask().Guard());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_token_of_the_caller_and_that_of_its_enumeration_cancel_the_implementation(bool isParameter)
    {
        var feed = await ServeAsync();
        using var cancellation = new CancellationTokenSource();
        var items = feed.CountAsync(10, isParameter ? cancellation.Token : default);
        await using var reading = items.GetAsyncEnumerator(isParameter ? default : cancellation.Token);
        Assert.True(await reading.MoveNextAsync().AsTask().Guard());

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await reading.MoveNextAsync().AsTask().Guard()) { }
        });
        await _feed.Ended.Task.Guard();
    }

    [Fact]
    public async Task Cancelling_an_upload_cancels_the_implementation_and_what_is_sent()
    {
        var feed = await ServeAsync();
        using var cancellation = new CancellationTokenSource();
        var sending = feed.SumAsync(EndlessAsync(), cancellation.Token);
        await Begun.Task.Guard();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.Guard());
        await Disposed.Task.Guard();
    }

    [Fact]
    public async Task An_error_in_the_middle_comes_behind_the_items_before_it()
    {
        var feed = await ServeAsync();
        var read = new List<int>();

        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => feed.CountAsync(1).ForEachAsync(read.Add).Guard());
        Assert.Equal((BusErrors.HandlerFailed, "Three is enough."), (error.Error, error.Text));
        Assert.Equal([1, 2, 3], read);
        error = await Assert.ThrowsAsync<RemoteErrorException>(() => feed.CountAsync(-1).ForEachAsync(read.Add).Guard());
        Assert.Equal((409, "below-nothing"), (error.Code, error.Error));
    }

    [Fact]
    public async Task An_error_of_what_the_caller_sends_is_thrown_on_both_sides()
    {
        var feed = await ServeAsync();
        var mine = new InvalidOperationException("my disk is full");
        var numbers = AsyncEnumerable.Range(1, 3).Select(n => n < 3 ? n : throw mine);

        Assert.Same(mine, await Assert.ThrowsAsync<InvalidOperationException>(() => feed.SumAsync(numbers).Guard()));
        var remote = Assert.IsType<RemoteErrorException>(await _feed.Failed.Task.Guard());
        Assert.Equal((BusErrors.UploadFailed, "my disk is full"), (remote.Error, remote.Text));
        Assert.Same(mine, await Assert.ThrowsAsync<InvalidOperationException>(() => feed.NameAsync(numbers, "n").ForEachAsync(_ => { }).Guard()));
    }

    [Fact]
    public async Task A_slow_reader_slows_the_implementation()
    {
        var feed = await ServeAsync();
        await using var reading = feed.CountAsync(10).GetAsyncEnumerator();
        for (var read = 1; read <= 500; read++)
        {
            Assert.True(await reading.MoveNextAsync().AsTask().Guard());
            // 64 in the window, and one that waits for a place in it.
            Assert.InRange(_feed.Made, read, read + 65);
        }
    }

    [Fact]
    public async Task What_cannot_be_called_is_refused_before_the_implementation_is_called()
    {
        var feed = await ServeAsync();
        Assert.Equal((400, BusErrors.BadRequest), await ErrorOf(Caller.CallStreamAsync<string, string>("feed", "follow", """{"name":null}""", Patient).CountAsync().AsTask()));
        Assert.Equal((400, BusErrors.BadRequest), await ErrorOf(Caller.CallUploadAsync<string, int, byte[]>("feed", "store", "{}", AsyncEnumerable.Empty<int>(), Patient)));
        await Assert.ThrowsAsync<ArgumentNullException>(() => feed.SumAsync(null!).Guard());
        Assert.Empty(_feed.Stored);
    }

    [Fact]
    public async Task The_time_of_a_method_ends_its_stream()
    {
        var feed = await ServeAsync();
        Assert.Equal((504, BusErrors.Timeout), await ErrorOf(feed.HangAsync().CountAsync().AsTask()));
    }
}

public sealed class LocalStreamedTests : StreamedContract<LocalBusFixture>;

public sealed class UnixStreamedTests : StreamedContract<UnixBusFixture>;

public sealed class TcpStreamedTests : StreamedContract<TcpBusFixture>;

public sealed class PipeStreamedTests : StreamedContract<PipeBusFixture>;
