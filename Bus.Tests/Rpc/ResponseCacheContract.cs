using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Contracts;
using Bus.Core.Messages;
using Bus.Core.Routes;
using Bus.Core.Rpc;
using Bus.Tests.Client;
using Bus.Tests.Contracts;

namespace Bus.Tests.Rpc;

/// <summary>Calls that take the answer of an earlier one, or wait for one that is under way.</summary>
public abstract class ResponseCacheContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private static readonly ServiceCallOptions Patient = new() { Timeout = TimeSpan.FromHours(1) };
    private static readonly ServiceCallOptions Cached = Patient with { CacheFor = TimeSpan.FromHours(1) };

    [Fact]
    public async Task An_equal_call_gets_the_answer_of_the_first()
    {
        var (bus, caller, other) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var count = 0;
        await using var service = await bus.ServeAsync("count", s => s.Endpoint<string, int>("up", (_, _) => ++count)).Guard();

        Assert.Equal(1, await caller.CallAsync<string, int>("count", "up", "a", Cached).Guard());
        Assert.Equal(1, await caller.CallAsync<string, int>("count", "up", "a", Cached).Guard());
        // The answer, read in another way.
        Assert.Equal("1", await caller.CallAsync<byte[], string>("count", "up", "a"u8.ToArray(), Cached).Guard());
        // Another request, other headers, another instance, another bus, and a call that is to be made.
        Assert.Equal(2, await caller.CallAsync<string, int>("count", "up", "b", Cached).Guard());
        Assert.Equal(3, await caller.CallAsync<string, int>("count", "up", "a", Cached with { Headers = new BusHeaders { ["For"] = "x" } }).Guard());
        Assert.Equal(4, await caller.CallAsync<string, int>("count", "up", "a", Cached with { Instance = service.Id }).Guard());
        Assert.Equal(5, await other.CallAsync<string, int>("count", "up", "a", Cached).Guard());
        Assert.Equal(6, await caller.CallAsync<string, int>("count", "up", "a", Patient).Guard());
        Assert.Equal(1, await caller.CallAsync<string, int>("count", "up", "a", Cached).Guard());
        var statistics = caller.GetCacheStatistics();
        Assert.Equal((3, 0, 4, 4), (statistics.Hits, statistics.Shared, statistics.Misses, statistics.Entries));
        Assert.True(statistics.Bytes > 0);
    }

    [Fact]
    public async Task Who_changes_its_answer_changes_nobody_elses()
    {
        var bus = await Fixture.ConnectAsync();
        await using var service = await bus.ServeAsync("list", s => s.Endpoint<string, int[]>("get", (_, _) => [1, 2])).Guard();
        var first = await bus.CallMessageAsync<string, int[]>("list", "get", "", Cached).Guard();
        (first.Data[0], first.Headers["Mine"]) = (7, "yes");
        var second = await bus.CallMessageAsync<string, int[]>("list", "get", "", Cached).Guard();
        Assert.Equal([1, 2], second.Data);
        Assert.Null(second.Headers["Mine"]);
        Assert.Equal(1, bus.GetCacheStatistics().Hits);
    }

    [Fact]
    public async Task Equal_calls_at_the_same_time_are_one_and_others_never_get_its_answer()
    {
        var (bus, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var (count, go) = (0, new TaskCompletionSource());
        await using var service = await bus.ServeAsync("echo", s => s.Endpoint<int, int>("say", async (n, _) =>
        {
            Interlocked.Increment(ref count);
            await go.Task;
            return n;
        })).Guard();

        var calls = Enumerable.Range(0, 200).Select(n => caller.CallAsync<int, int>("echo", "say", n % 7, Cached)).ToList();
        Assert.Equal((193, 7, 7), (caller.GetCacheStatistics().Shared, caller.GetCacheStatistics().Misses, caller.GetCacheStatistics().UnderWay));
        go.SetResult();

        var answers = await Task.WhenAll(calls).Guard();
        Assert.Equal(Enumerable.Range(0, 200).Select(n => n % 7), answers);
        Assert.Equal(7, count);
    }

    [Fact]
    public async Task An_error_reaches_all_who_wait_and_the_next_call_is_made()
    {
        var (bus, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var (count, go) = (0, new TaskCompletionSource());
        await using var service = await bus.ServeAsync("work", s => s.Endpoint<int, int>("do", async (_, _) =>
        {
            await go.Task;
            return Interlocked.Increment(ref count) > 1 ? count : throw new RemoteErrorException("not yet", 409, "too-early");
        })).Guard();

        var calls = Enumerable.Range(0, 3).Select(_ => caller.CallAsync<int, int>("work", "do", 1, Cached)).ToList();
        go.SetResult();

        foreach (var call in calls) Assert.Equal("too-early", (await Assert.ThrowsAsync<RemoteErrorException>(() => call.Guard())).Error);
        Assert.Equal(2, await caller.CallAsync<int, int>("work", "do", 1, Cached).Guard());
        Assert.Equal(0, (await Assert.ThrowsAsync<ServiceNotFoundException>(() => caller.CallAsync<int, int>("nobody", "do", 1, Cached).Guard())).Available.Count(name => name == "nobody"));
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_others_waiting_and_the_last_one_cancels_the_call()
    {
        var (bus, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var (begun, cancelled) = (new TaskCompletionSource<CancellationToken>(), new TaskCompletionSource());
        await using var service = await bus.ServeAsync("work", s => s.Endpoint<int, int>("do", async (n, context) =>
        {
            context.CancellationToken.Register(() => cancelled.SetResult());
            begun.SetResult(context.CancellationToken);
            await cancelled.Task;
            return n;
        })).Guard();
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();

        var one = caller.CallAsync<int, int>("work", "do", 1, Cached, first.Token);
        var two = caller.CallAsync<int, int>("work", "do", 1, Cached, second.Token);
        var impatient = caller.CallAsync<int, int>("work", "do", 1, Cached with { Timeout = TimeSpan.FromMilliseconds(1) });
        var token = await begun.Task.Guard();

        await Assert.ThrowsAsync<RequestTimeoutException>(() => impatient.Guard());
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one.Guard());
        // A round trip of the one who would have been told.
        await caller.FlushAsync().Guard();
        await bus.FlushAsync().Guard();
        Assert.False(token.IsCancellationRequested);
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => two.Guard());
        await cancelled.Task.Guard();
    }

    [Fact]
    public async Task What_is_cleared_is_called_anew()
    {
        var (bus, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var count = 0;
        await using var one = await bus.ServeAsync("one", s => s.Endpoint<string, int>("up", (_, _) => ++count)).Guard();
        await using var two = await bus.ServeAsync("two", s => s.Endpoint<string, int>("up", (_, _) => ++count)).Guard();
        await caller.CallAsync<string, int>("one", "up", "", Cached).Guard();
        await caller.CallAsync<string, int>("two", "up", "", Cached).Guard();

        Assert.Equal(1, caller.ClearCache("one.*"));
        Assert.Equal(3, await caller.CallAsync<string, int>("one", "up", "", Cached).Guard());
        Assert.Equal(2, await caller.CallAsync<string, int>("two", "up", "", Cached).Guard());
        Assert.Equal(2, caller.ClearCache());
    }

    /// <summary>Each for as long as its own call lets it; what they wait for takes none of their deadlines along, but all else of the first one's context.</summary>
    [Fact]
    public async Task Who_waits_has_the_deadline_of_the_call_it_is_in()
    {
        var (bus, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var (seen, go) = (new TaskCompletionSource<CallContext>(), new TaskCompletionSource());
        await using var slow = await bus.ServeAsync("slow", s => s.Endpoint<int, int>("do", async (n, context) =>
        {
            seen.SetResult(context);
            await go.Task;
            return n;
        })).Guard();
        var gaveUp = new TaskCompletionSource<Exception>();
        CallContext? outer = null;
        var isCarriedOut = false;
        await using var middle = await bus.ServeAsync("middle", s => s.Endpoint<int, string>("do", async (n, context) =>
        {
            outer ??= context;
            isCarriedOut = context != outer;
            try
            {
                return $"{await bus.CallAsync<int, int>("slow", "do", n, Cached)}";
            }
            catch (Exception e)
            {
                gaveUp.SetResult(e);
                throw;
            }
        })).Guard();

        var patient = caller.CallAsync<int, string>("middle", "do", 7, Patient);
        var inner = await seen.Task.Guard();
        Assert.Equal(outer!.RootId, inner.RootId);
        Assert.Equal(["middle", "slow"], inner.Chain);
        Assert.Null(inner.Deadline);
        // Its own time is up.
        await Assert.ThrowsAsync<RequestTimeoutException>(() => caller.CallAsync<int, string>("middle", "do", 7, Patient with { Timeout = TimeSpan.FromMilliseconds(50) }).Guard());
        // Of two clocks that say so, the first one; unless it came too late to be carried out.
        Assert.True(!isCarriedOut || await gaveUp.Task.Guard() is DeadlineExceededException or OperationCanceledException);
        Assert.False(inner.CancellationToken.IsCancellationRequested);
        go.SetResult();
        Assert.Equal("7", await patient.Guard());
    }

    [Fact]
    public async Task A_service_that_calls_itself_does_not_wait_for_itself()
    {
        var bus = await Fixture.ConnectAsync();
        await using var service = await bus.ServeAsync("self", s => s.Endpoint<string, int>("do", async (text, context) =>
            context.Depth == 3 ? 3 : await bus.CallAsync<string, int>("self", "do", text, Cached))).Guard();
        Assert.Equal(3, await bus.CallAsync<string, int>("self", "do", "x", Cached).Guard());
        Assert.Equal(3, await bus.CallAsync<string, int>("self", "do", "x", Cached).Guard());
        Assert.Equal(3, service.GetStatus().Methods[0].Requests);
    }

    [Fact]
    public async Task Routes_and_contracts_take_it_as_an_option()
    {
        var (bus, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var count = 0;
        var router = new BusRouter().All("/n/:id", c => c.Response.SendAsync($"{c.Request.Params["id"]} {++count}"));
        await using var service = await bus.RouteAsync("api", router).Guard();
        await using var users = await bus.ServeAsync<IUsers>(new Users()).Guard();
        var (api, contract) = (caller.Routes("api"), caller.Contract<IUsers>(Patient));
        var cached = new RouteOptions { CacheFor = TimeSpan.FromHours(1), Timeout = Patient.Timeout };

        Assert.Equal("a 1", await api.GetAsync<string>("/n/a", cached).Guard());
        Assert.Equal("a 1", await api.GetAsync<string>("/n/a", cached).Guard());
        Assert.Equal("b 2", await api.GetAsync<string>("/n/b", cached).Guard());
        Assert.Equal("a 3", await api.GetAsync<string>("/n/a", cached with { CacheFor = null }).Guard());
        await Assert.ThrowsAsync<ArgumentException>(() => api.DeleteAsync<string>("/n/a", cached).Guard());
        // It says CacheMs.
        Assert.Equal(2, (await contract.ListAsync(2).Guard())!.Count(name => name is { Length: > 0 }));
        await contract.ClearAsync(CancellationToken.None).AsTask().Guard();
        Assert.Equal(2, (await contract.ListAsync(2).Guard())!.Count(name => name is { Length: > 0 }));
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        var bus = await Fixture.ConnectAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => bus.CallAsync<int, int>("a", "b", 1, new ServiceCallOptions { CacheFor = TimeSpan.Zero }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => bus.CallAsync<int, int>("a", "b", 1, new ServiceCallOptions { CacheFor = TimeSpan.MaxValue }));
        await bus.DisposeAsync().AsTask().Guard();
        await Assert.ThrowsAsync<BusClosedException>(() => bus.CallAsync<int, int>("a", "b", 1, Cached));
    }
}

public sealed class LocalResponseCacheTests : ResponseCacheContract<LocalBusFixture>;

public sealed class UnixResponseCacheTests : ResponseCacheContract<UnixBusFixture>;

public sealed class TcpResponseCacheTests : ResponseCacheContract<TcpBusFixture>;

public sealed class PipeResponseCacheTests : ResponseCacheContract<PipeBusFixture>;
