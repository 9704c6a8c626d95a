using System.Diagnostics;
using System.Globalization;
using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Messages;
using Bus.Core.Rpc;
using Bus.Tests.Client;

namespace Bus.Tests.Rpc;

/// <summary>What flows from call to call: ids, the way, the time that is left, cancellation.</summary>
public abstract class CallContextContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private static readonly ServiceCallOptions Patient = new() { Timeout = TimeSpan.FromMinutes(10) };

    private IBus _bus = null!;

    [Fact]
    public async Task A_nested_call_carries_on_where_it_comes_from()
    {
        await ConnectAsync();
        var seen = new List<CallContext>();
        await using var role = await ServeAsync("role", (n, context) => Seen(n, context));
        await using var user = await ServeAsync("user", async (n, context) => await _bus.CallAsync<int, int>("role", "do", await Seen(n, context), new ServiceCallOptions { Timeout = TimeSpan.FromHours(1) }));
        await using var order = await ServeAsync("order", async (n, context) => await _bus.CallAsync<int, int>("user", "do", await Seen(n, context), Patient));

        Assert.Equal(7, await _bus.CallAsync<int, int>("order", "do", 7, Patient).Guard());

        Assert.Equal(["order", "order > user", "order > user > role"], seen.Select(context => string.Join(" > ", context.Chain)));
        Assert.Equal([1, 2, 3], seen.Select(context => context.Depth));
        Assert.Single(seen.Select(context => context.RootId).Distinct());
        // To the millisecond, as it travels; the longer timeout of the last call does not count.
        Assert.Single(seen.Select(context => context.Deadline).Distinct());
        Assert.True(seen[2].Remaining < TimeSpan.FromMinutes(10));
        Assert.Null(CallContext.Current);

        ValueTask<int> Seen(int n, CallContext context)
        {
            Assert.Same(context, CallContext.Current);
            seen.Add(context);
            return new ValueTask<int>(n);
        }
    }

    /// <summary>Many trees of calls at the same time through the same services: nobody ever sees the context of another.</summary>
    [Fact]
    public async Task Calls_that_run_at_the_same_time_never_mix()
    {
        await ConnectAsync();
        await using var a = await ServeAsync<Step>("a", CarryOutAsync, new ServiceOptions { MaxRepeats = 100 });
        await using var b = await ServeAsync<Step>("b", CarryOutAsync, new ServiceOptions { MaxRepeats = 100 });
        var random = new Random(4711);

        var roots = Enumerable.Range(0, 200).Select(_ => random.Next(1, 8)).ToList();
        var results = await Task.WhenAll(roots.Select(depth => _bus.CallAsync<Step, int>("a", "do", new Step(depth, "", []), Patient))).Guard();

        Assert.Equal(roots, results);

        async ValueTask<int> CarryOutAsync(Step step, CallContext context)
        {
            await Task.Yield();
            Assert.Same(context, CallContext.Current);
            if (step.Root.Length > 0) Assert.Equal(step.Root, context.RootId);
            Assert.Equal([.. step.Way, context.Service], context.Chain);
            if (step.Depth == 1) return 1;
            var next = new Step(step.Depth - 1, context.RootId, [.. context.Chain]);
            // Two at the same time, in turns to either service.
            var below = await Task.WhenAll(((string[])["a", "b"]).Select(service => _bus.CallAsync<Step, int>(service, "do", step.Depth > 4 ? next with { Depth = 1 } : next, Patient)));
            Assert.Same(context, CallContext.Current);
            return step.Depth > 4 ? step.Depth : below.Max() + 1;
        }
    }

    [Fact]
    public async Task What_is_detached_has_no_context()
    {
        await ConnectAsync();
        var outside = new TaskCompletionSource<CallContext?>();
        await using var service = await ServeAsync("a", (n, context) =>
        {
            using (CallContext.Detach()) _ = Task.Run(() => outside.SetResult(CallContext.Current));
            Assert.Same(context, CallContext.Current);
            return new ValueTask<int>(n);
        });

        await _bus.CallAsync<int, int>("a", "do", 1, Patient).Guard();

        Assert.Null(await outside.Task.Guard());
    }

    [Fact]
    public async Task The_time_that_is_left_is_the_timeout_of_what_is_nested()
    {
        await ConnectAsync();
        Exception? nested = null;
        var ended = new TaskCompletionSource();
        await using var hangs = await ServeAsync("hangs", async (n, _) =>
        {
            await new TaskCompletionSource().Task;
            return n;
        });
        await using var caller = await ServeAsync("caller", async (n, _) =>
        {
            try
            {
                return await _bus.CallAsync<int, int>("hangs", "do", n, Patient);
            }
            catch (Exception e)
            {
                nested = e;
                throw;
            }
            finally
            {
                ended.SetResult();
            }
        });

        // Long enough to be there before it is over: then nothing would be carried out.
        await Assert.ThrowsAsync<RequestTimeoutException>(() => _bus.CallAsync<int, int>("caller", "do", 1, new ServiceCallOptions { Timeout = TimeSpan.FromMilliseconds(500) }).Guard());

        await ended.Task.Guard();
        // Whichever comes first: its own clock, or that of the call that it is made in.
        Assert.True(nested is DeadlineExceededException or OperationCanceledException, $"{nested}");
    }

    [Fact]
    public async Task What_comes_too_late_is_not_carried_out()
    {
        await ConnectAsync();
        var count = 0;
        await using var service = await ServeAsync("a", (n, _) => new ValueTask<int>(Interlocked.Increment(ref count)));
        var past = TimeProvider.System.GetUtcNow().AddSeconds(-1).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

        // As a client of another kind may send it.
        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => _bus.RequestMessageAsync<int, int>("a.do", 1, new RequestOptions { Headers = new BusHeaders { ["Bus-Deadline"] = past } }).Guard());

        Assert.Equal((504, BusErrors.DeadlineExceeded), (error.Code, error.Error));
        Assert.Equal(0, count);
    }

    [Fact]
    public async Task A_method_has_a_limit_of_its_own()
    {
        await ConnectAsync();
        await using var service = await _bus.ServeAsync("a", s => s.Endpoint<int, int>("do", async (n, _) =>
        {
            await new TaskCompletionSource().Task;
            return n;
        }, new MethodOptions { Timeout = TimeSpan.FromMilliseconds(20) })).Guard();

        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => _bus.CallAsync<int, int>("a", "do", 1, Patient).Guard());

        Assert.Equal((504, BusErrors.Timeout), (error.Code, error.Error));
    }

    [Fact]
    public async Task Cancelling_the_caller_cancels_all_that_it_led_to()
    {
        await ConnectAsync();
        var (begun, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var inner = await ServeAsync("inner", async (n, context) =>
        {
            context.CancellationToken.Register(() => cancelled.SetResult());
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            return n;
        });
        await using var outer = await ServeAsync("outer", async (n, _) => await _bus.CallAsync<int, int>("inner", "do", n, Patient));
        using var cancellation = new CancellationTokenSource();
        var caller = await Fixture.ConnectAsync();
        var call = caller.CallAsync<int, int>("outer", "do", 1, Patient, cancellation.Token);
        await begun.Task.Guard();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Guard());
        await cancelled.Task.Guard();
    }

    [Fact]
    public async Task The_death_of_the_caller_cancels_what_it_waits_for()
    {
        await ConnectAsync();
        var (begun, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var service = await ServeAsync("a", async (n, context) =>
        {
            context.CancellationToken.Register(() => cancelled.SetResult());
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            return n;
        });
        var caller = await Fixture.ConnectAsync();
        var call = caller.CallAsync<int, int>("a", "do", 1, Patient);
        await begun.Task.Guard();

        await caller.AbortAsync();

        await Assert.ThrowsAsync<BusClosedException>(() => call.Guard());
        await cancelled.Task.Guard();
    }

    [Fact]
    public async Task Calls_that_go_in_circles_end_in_an_error_of_their_own()
    {
        await ConnectAsync();
        await using var a = await ServeAsync("a", async (n, _) => await _bus.CallAsync<int, int>("b", "do", n + 1, Patient), new ServiceOptions { MaxConcurrency = 1, MaxRepeats = 5 });
        await using var b = await ServeAsync("b", async (n, _) => await _bus.CallAsync<int, int>("a", "do", n + 1, Patient), new ServiceOptions { MaxConcurrency = 1, MaxRepeats = 5 });

        var error = await Assert.ThrowsAsync<CallLoopException>(() => _bus.CallAsync<int, int>("a", "do", 0, Patient).Guard());

        Assert.Contains("'a' 6 times, which allows 5: ... > b > a > b > a", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_that_go_too_deep_end_in_an_error_of_their_own()
    {
        await ConnectAsync();
        await using var a = await ServeAsync("a", async (n, _) => await _bus.CallAsync<int, int>("a", "do", n + 1, Patient), new ServiceOptions { MaxDepth = 20, MaxRepeats = 100 });

        var error = await Assert.ThrowsAsync<DepthExceededException>(() => _bus.CallAsync<int, int>("a", "do", 0, Patient).Guard());

        Assert.Contains("gone through 21 services, and 'a' allows 20", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trace_goes_on_at_the_other_side()
    {
        await ConnectAsync();
        string? trace = null;
        await using var inner = await ServeAsync("inner", (n, context) =>
        {
            trace = context.Headers["traceparent"];
            return new ValueTask<int>(n);
        });
        await using var outer = await ServeAsync("outer", async (n, _) => await _bus.CallAsync<int, int>("inner", "do", n, Patient));
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();

        await _bus.CallAsync<int, int>("outer", "do", 1, Patient).Guard();

        Assert.StartsWith($"00-{activity.TraceId}-", trace, StringComparison.Ordinal);
    }

    private async Task ConnectAsync() => _bus = await Fixture.ConnectAsync();

    private Task<IBusService> ServeAsync(string name, Func<int, CallContext, ValueTask<int>> handler, ServiceOptions? options = null) => ServeAsync<int>(name, handler, options);

    private Task<IBusService> ServeAsync<TRequest>(string name, Func<TRequest, CallContext, ValueTask<int>> handler, ServiceOptions? options = null) =>
        _bus.ServeAsync(name, s => s.Endpoint("do", handler), options).Guard();

    private sealed record Step(int Depth, string Root, string[] Way);
}

public sealed class LocalCallContextTests : CallContextContract<LocalBusFixture>;

public sealed class UnixCallContextTests : CallContextContract<UnixBusFixture>;

public sealed class TcpCallContextTests : CallContextContract<TcpBusFixture>;

public sealed class PipeCallContextTests : CallContextContract<PipeBusFixture>;
