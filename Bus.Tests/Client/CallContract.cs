using System.Collections.Concurrent;
using Bus.Core.Calls;
using Bus.Core.Client;

namespace Bus.Tests.Client;

/// <summary>Many calls at once, and calls that are made again.</summary>
public abstract class CallContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private static readonly TimeSpan Forever = TimeSpan.FromHours(1);

    [Fact]
    public async Task All_results_come_back_in_the_order_of_the_items()
    {
        var (bus, _) = await ConnectAsync();

        Assert.Equal(Enumerable.Range(0, 100).Select(n => 2 * n), await BusCalls.AllAsync(Enumerable.Range(0, 100), (n, token) => bus.RequestAsync<int, int>("double", n, Forever, token)).Guard());
        Assert.Empty(await BusCalls.AllAsync(Array.Empty<int>(), (n, token) => bus.RequestAsync<int, int>("double", n, Forever, token)).Guard());
    }

    [Fact]
    public async Task The_first_error_ends_all_and_cancels_the_rest()
    {
        var (bus, _) = await ConnectAsync();
        var cancelled = 0;

        var all = BusCalls.AllAsync(Enumerable.Range(0, 10), async (n, token) =>
        {
            try
            {
                // None of the others is ever answered.
                return await bus.RequestAsync<int, int>(n == 9 ? "nobody" : "never", n, Forever, token);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref cancelled);
                throw;
            }
        });

        Assert.Equal("nobody", (await Assert.ThrowsAsync<NoRespondersException>(() => all.Guard())).Topic);
        Assert.Equal(9, cancelled);
    }

    [Fact]
    public async Task All_settled_tells_each_result_and_each_error()
    {
        var (bus, _) = await ConnectAsync();

        var outcomes = await BusCalls.AllSettledAsync([0, 1, 2, 3], (n, token) => bus.RequestAsync<int, int>(n == 2 ? "nobody" : "double", n, Forever, token)).Guard();

        Assert.Equal([0, 1, 2, 3], outcomes.Select(outcome => outcome.Item));
        Assert.Equal([true, true, false, true], outcomes.Select(outcome => outcome.IsSuccess));
        Assert.Equal([0, 2, 6], outcomes.Where(outcome => outcome.IsSuccess).Select(outcome => outcome.Result));
        Assert.IsType<NoRespondersException>(outcomes[2].Error);
        Assert.Throws<NoRespondersException>(() => outcomes[2].Result);
    }

    [Fact]
    public async Task Cancelling_ends_all_of_them()
    {
        var (bus, _) = await ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        var (begun, all) = (0, new TaskCompletionSource());

        Task[] calls = [BusCalls.AllAsync(Enumerable.Range(0, 4), CallAsync, options: null, cancellation.Token), BusCalls.AllSettledAsync(Enumerable.Range(0, 4), CallAsync, options: null, cancellation.Token)];
        await all.Task.Guard();
        await cancellation.CancelAsync();

        foreach (var call in calls) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Guard());

        Task<int> CallAsync(int n, CancellationToken token)
        {
            var call = bus.RequestAsync<int, int>("never", n, Forever, token);
            if (Interlocked.Increment(ref begun) == 8) all.SetResult();
            return call;
        }
    }

    [Fact]
    public async Task A_stream_of_calls_has_only_so_many_in_flight()
    {
        var (bus, _) = await ConnectAsync();
        var (inFlight, most, results) = (0, new ConcurrentBag<int>(), new List<int>());

        var calls = BusCalls.EachAsync(
            NumbersAsync(200),
            async (n, token) =>
            {
                most.Add(Interlocked.Increment(ref inFlight));
                var result = await bus.RequestAsync<int, int>("double", n, Forever, token);
                Interlocked.Decrement(ref inFlight);
                return result;
            },
            new CallOptions { MaxInFlight = 3 });
        await foreach (var outcome in calls)
        {
            Assert.Equal((2 * outcome.Item, outcome.Index), (outcome.Result, outcome.Item));
            results.Add(outcome.Result);
        }

        Assert.Equal(Enumerable.Range(0, 200).Select(n => 2 * n), results.Order());
        Assert.InRange(most.Max(), 1, 3);
    }

    [Fact]
    public async Task A_stream_of_calls_ends_with_its_reader_and_takes_no_more_items()
    {
        var (bus, _) = await ConnectAsync();
        var (taken, begun, cancelled) = (0, 0, 0);

        var calls = BusCalls.EachAsync(
            EndlessAsync(),
            async (n, token) =>
            {
                if (n > 1) Interlocked.Increment(ref begun);
                try
                {
                    return await bus.RequestAsync<int, int>(n == 1 ? "double" : "never", n, Forever, token);
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref cancelled);
                    throw;
                }
            },
            new CallOptions { MaxInFlight = 2 });
        await foreach (var outcome in calls)
        {
            Assert.Equal(2, outcome.Result);
            break;
        }

        Assert.InRange(taken, 1, 4);
        Assert.Equal(begun, cancelled);

        async IAsyncEnumerable<int> EndlessAsync()
        {
            while (true)
            {
                await Task.Yield();
                yield return ++taken;
            }
        }
    }

    [Fact]
    public async Task A_stream_of_items_that_fails_fails_its_calls()
    {
        var (bus, _) = await ConnectAsync();

        await using var calls = BusCalls.EachAsync(BrokenAsync(), (n, token) => bus.RequestAsync<int, int>("double", n, Forever, token)).GetAsyncEnumerator();
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            while (await calls.MoveNextAsync().AsTask().Guard()) Assert.Equal(2, calls.Current.Result);
        });

        static async IAsyncEnumerable<int> BrokenAsync()
        {
            await Task.Yield();
            yield return 1;
            throw new InvalidOperationException("no more");
        }
    }

    [Fact]
    public async Task Each_call_is_made_again_by_itself()
    {
        var (bus, service) = await ConnectAsync();
        var failed = new ConcurrentDictionary<int, bool>();
        await using var flaky = await service.RespondAsync<int, int>("flaky", (n, _) => n % 2 == 0 || !failed.TryAdd(n, true) ? new(n) : throw new RemoteErrorException("try again", 503)).Guard();
        var options = new CallOptions { Retry = new RetryOptions { MinDelay = TimeSpan.FromMilliseconds(1) } };

        Assert.Equal(Enumerable.Range(0, 20), await BusCalls.AllAsync(Enumerable.Range(0, 20), (n, token) => bus.RequestAsync<int, int>("flaky", n, Forever, token), options).Guard());
        Assert.Equal(10, failed.Count);

        failed.Clear();
        await BusCalls.RetryAsync(token => bus.DeliverToAnyAsync("flaky", 1, cancellationToken: token), options.Retry).Guard();
        Assert.Single(failed);
    }

    [Fact]
    public async Task That_nobody_is_there_does_not_pass_by_itself()
    {
        var (bus, _) = await ConnectAsync();
        var never = new RetryOptions { MinDelay = Forever, MaxDelay = Forever, Timeout = Forever };

        await Assert.ThrowsAsync<NoRespondersException>(() => BusCalls.RetryAsync(token => bus.RequestAsync<int, int>("nobody", 1, Forever, token), never).Guard());
        await Assert.ThrowsAsync<ClientAbsentException>(() => BusCalls.RetryAsync(token => bus.DeliverAsync("nobody", 1, cancellationToken: token), never).Guard());
        await Assert.ThrowsAsync<RemoteErrorException>(() => BusCalls.RetryAsync(token => bus.RequestAsync<string, int>("double", "no number", Forever, token), never).Guard());
    }

    private static async IAsyncEnumerable<int> NumbersAsync(int count)
    {
        for (var n = 0; n < count; n++)
        {
            await Task.Yield();
            yield return n;
        }
    }

    private async Task<(IBus Bus, IBus Service)> ConnectAsync()
    {
        var (bus, service) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await service.RespondAsync<int, int>("double", (n, _) => new(2 * n)).Guard();
        await service.OpenSubscriptionAsync<int>("never").Guard();
        return (bus, service);
    }
}

public sealed class LocalCallTests : CallContract<LocalBusFixture>;

public sealed class UnixCallTests : CallContract<UnixBusFixture>;

public sealed class TcpCallTests : CallContract<TcpBusFixture>;

public sealed class PipeCallTests : CallContract<PipeBusFixture>;
