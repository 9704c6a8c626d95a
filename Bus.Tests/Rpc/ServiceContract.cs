using System.Text.Json;
using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Core.Rpc;
using Bus.Tests.Client;

namespace Bus.Tests.Rpc;

/// <summary>Services: offered, called, found, changed and stopped.</summary>
public abstract class ServiceContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private static readonly ServiceCallOptions Patient = new() { Timeout = TimeSpan.FromHours(1) };

    [Fact]
    public async Task What_a_handler_returns_is_the_answer()
    {
        var (bus, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var service = await bus.ServeAsync("maths", s => s
            .Endpoint<int[], int>("add", (numbers, _) => numbers.Sum())
            .Endpoint<Order, string>("who", async (order, context) =>
            {
                await Task.Yield();
                return $"{order.Customer} by {context.Service}.{context.Method}";
            })).Guard();

        Assert.Equal(6, await caller.CallAsync<int[], int>("maths", "add", [1, 2, 3], Patient).Guard());
        Assert.Equal("Ada by maths.who", await caller.CallAsync<Order, string>("maths", "who", new Order(1, "Ada"), Patient).Guard());
        // As any NATS client does it.
        Assert.Equal(3, await caller.RequestAsync<int[], int>("maths.add", [1, 2]).Guard());
        Assert.Equal(["add", "who"], service.Methods);
    }

    [Fact]
    public async Task A_slow_call_holds_up_no_other()
    {
        var bus = await Fixture.ConnectAsync();
        var slow = new TaskCompletionSource<int>();
        await using var service = await bus.ServeAsync("work", s => s
            .Endpoint<int, int>("do", async (n, _) => n == 0 ? await slow.Task : n)).Guard();

        var first = bus.CallAsync<int, int>("work", "do", 0, Patient);
        for (var n = 1; n < 100; n++) Assert.Equal(n, await bus.CallAsync<int, int>("work", "do", n, Patient).Guard());
        Assert.False(first.IsCompleted);
        slow.SetResult(-1);
        Assert.Equal(-1, await first.Guard());
    }

    [Fact]
    public async Task Methods_come_and_go_while_it_runs()
    {
        var bus = await Fixture.ConnectAsync();
        await using var service = await bus.ServeAsync("work").Guard();
        await Assert.ThrowsAsync<MethodNotFoundException>(() => bus.CallAsync<string, string>("work", "echo", "x", Patient).Guard());

        await service.AddAsync<string, string>("echo", (text, _) => new(text)).Guard();
        Assert.Equal("x", await bus.CallAsync<string, string>("work", "echo", "x", Patient).Guard());
        await Assert.ThrowsAsync<ArgumentException>(() => service.AddAsync<string, string>("echo", (text, _) => new(text)).Guard());
        Assert.True(await service.RemoveAsync("echo").Guard());
        Assert.False(await service.RemoveAsync("echo").Guard());
        await Assert.ThrowsAsync<MethodNotFoundException>(() => bus.CallAsync<string, string>("work", "echo", "x", Patient).Guard());
        await service.AddAsync<string, string>("echo", (text, _) => new($"{text}!")).Guard();
        Assert.Equal("x!", await bus.CallAsync<string, string>("work", "echo", "x", Patient).Guard());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a b")]
    [InlineData("*")]
    [InlineData("$SRV")]
    [InlineData("é")]
    public async Task Names_that_cannot_be_are_refused(string name)
    {
        var bus = await Fixture.ConnectAsync();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => bus.ServeAsync(name));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => bus.ServeAsync("fine", s => s.Endpoint<int, int>(name, (n, _) => n)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => bus.CallAsync<int, int>(name, "method", 1));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => bus.CallAsync<int, int>("fine", name, 1));
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        var bus = await Fixture.ConnectAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => bus.ServeAsync("_INBOX"));
        await Assert.ThrowsAsync<ArgumentException>(() => bus.ServeAsync("fine", options: new ServiceOptions { Version = "one" }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => bus.ServeAsync("fine", options: new ServiceOptions { MaxConcurrency = 0 }));
        await Assert.ThrowsAsync<ArgumentException>(() => bus.ServeAsync("fine", s => s.Endpoint<int, int>("a", (n, _) => n).Endpoint<int, int>("a", (n, _) => n)).Guard());
        // What was begun of it is gone.
        await Assert.ThrowsAsync<ServiceNotFoundException>(() => bus.CallAsync<int, int>("fine", "a", 1, Patient).Guard());
    }

    [Fact]
    public async Task Instances_share_the_calls_and_each_can_be_called_by_its_id()
    {
        var (one, two, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var first = await one.ServeAsync("who", s => s.Endpoint<string, string>("am-i", (_, _) => "first")).Guard();
        await using var second = await two.ServeAsync("who", s => s.Endpoint<string, string>("am-i", (_, _) => "second")).Guard();

        var answers = new List<string>();
        for (var n = 0; n < 100; n++) answers.Add(await caller.CallAsync<string, string>("who", "am-i", "", Patient).Guard());
        Assert.Equal(["first", "second"], answers.Distinct().Order());
        Assert.Equal("first", await caller.CallAsync<string, string>("who", "am-i", "", Patient with { Instance = first.Id }).Guard());
        Assert.Equal("second", await caller.CallAsync<string, string>("who", "am-i", "", Patient with { Instance = second.Id }).Guard());
        var unknown = await Assert.ThrowsAsync<ServiceNotFoundException>(() => caller.CallAsync<string, string>("who", "am-i", "", Patient with { Instance = "nobody" }).Guard());
        Assert.Equal(["who"], unknown.Available);
    }

    [Fact]
    public async Task It_is_found_as_any_NATS_service()
    {
        var (bus, other) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var service = await bus.ServeAsync(
            "users",
            s => s.Endpoint<string, string>("get", (name, _) => name == "nobody" ? throw new RemoteErrorException("there is nobody", 404, "not-found") : name, new MethodOptions { Description = "one of them" }),
            new ServiceOptions { Version = "1.2.3", Description = "who there is", Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["team"] = "a" } }).Guard();
        await other.CallAsync<string, string>("users", "get", "Ada", Patient).Guard();
        await Assert.ThrowsAsync<RemoteErrorException>(() => other.CallAsync<string, string>("users", "get", "nobody", Patient).Guard());

        foreach (var suffix in (string[])["", ".users", $".users.{service.Id}"])
        {
            Assert.Equal($$$"""{"type":"io.nats.micro.v1.ping_response","name":"users","id":"{{{service.Id}}}","version":"1.2.3","metadata":{"team":"a"}}""", await other.RequestAsync<string, string>($"$SRV.PING{suffix}", "").Guard());
            var info = JsonDocument.Parse(await other.RequestAsync<string, string>($"$SRV.INFO{suffix}", "").Guard()).RootElement;
            Assert.Equal("who there is", info.GetProperty("description").GetString());
            Assert.Equal("""[{"name":"get","subject":"users.get","queue_group":"q","metadata":{"description":"one of them"}}]""", info.GetProperty("endpoints").GetRawText());
            var stats = JsonDocument.Parse(await other.RequestAsync<string, string>($"$SRV.STATS{suffix}", "").Guard()).RootElement;
            Assert.Equal("io.nats.micro.v1.stats_response", stats.GetProperty("type").GetString());
            Assert.Equal((2, 1, "there is nobody"), (stats.GetProperty("endpoints")[0].GetProperty("num_requests").GetInt32(), stats.GetProperty("endpoints")[0].GetProperty("num_errors").GetInt32(), stats.GetProperty("endpoints")[0].GetProperty("last_error").GetString()));
        }

        await Assert.ThrowsAsync<NoRespondersException>(() => other.RequestAsync<string, string>("$SRV.PING.others", "").Guard());
    }

    [Fact]
    public async Task Several_handlers_see_a_request_until_one_answers()
    {
        var bus = await Fixture.ConnectAsync();
        var seen = new List<string>();
        await using var service = await bus.ServeAsync("work", s => s.Chain<int, string>(
            "do",
            options: null,
            (n, _) => Take("first", n == 1),
            (n, _) => n == 3 ? throw new InvalidOperationException("not three") : Take("second", n == 2),
            (n, _) => Take("third", n < 3))).Guard();

        Assert.Equal("first", await bus.CallAsync<int, string>("work", "do", 1, Patient).Guard());
        Assert.Equal("second", await bus.CallAsync<int, string>("work", "do", 2, Patient).Guard());
        Assert.Equal("not three", (await Assert.ThrowsAsync<RemoteErrorException>(() => bus.CallAsync<int, string>("work", "do", 3, Patient).Guard())).Text);
        var none = await Assert.ThrowsAsync<RemoteErrorException>(() => bus.CallAsync<int, string>("work", "do", 4, Patient).Guard());
        Assert.Equal((404, BusErrors.NotHandled), (none.Code, none.Error));
        Assert.Equal(["first", "first", "second", "first", "first", "second", "third"], seen);

        ValueTask<Handled<string>> Take(string name, bool isMine)
        {
            seen.Add(name);
            return new(isMine ? Handled.With(name) : Handled.Pass<string>());
        }
    }

    [Fact]
    public async Task It_tells_what_it_has_done()
    {
        var bus = await Fixture.ConnectAsync("alice");
        await using var service = await bus.ServeAsync("work", s => s.Endpoint<int, int>("do", (n, _) => n > 0 ? n : throw new InvalidOperationException("too small"))).Guard();
        var executed = new TaskCompletionSource<MethodExecutedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        await bus.CallAsync<int, int>("work", "do", 1, Patient).Guard();
        // The event of the first call may come after its answer.
        service.MethodExecuted += (_, e) => _ = e.Error is not null && executed.TrySetResult(e);
        Assert.Equal(BusErrors.HandlerFailed, (await Assert.ThrowsAsync<RemoteErrorException>(() => bus.CallAsync<int, int>("work", "do", 0, Patient).Guard())).Error);

        var happened = await executed.Task.Guard();
        Assert.Equal(("alice", "do", "too small"), (happened.Context.Caller, happened.Context.Method, happened.Error!.Message));
        var method = Assert.Single(service.GetStatus().Methods);
        Assert.Equal((2, 1, "too small"), (method.Requests, method.Errors, method.LastError));
        Assert.True(method.AverageTime > TimeSpan.Zero);
    }

    [Fact]
    public async Task Draining_answers_what_has_come_and_takes_nothing_more()
    {
        var (service, caller) = await AnsweredWhileAsync((_, service) => service.DrainAsync());
        await Assert.ThrowsAsync<ServiceNotFoundException>(() => caller.CallAsync<int, int>("work", "do", 8, Patient).Guard());
        await Assert.ThrowsAsync<BusClosedException>(() => service.AddAsync<int, int>("more", (n, _) => new(n)).Guard());
    }

    [Fact]
    public Task Draining_the_bus_answers_what_has_come() => AnsweredWhileAsync((bus, _) => bus.DrainAsync());

    [Fact]
    public async Task Stopping_answers_what_runs_with_an_error_at_once()
    {
        var (bus, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var begun = new TaskCompletionSource();
        var service = await bus.ServeAsync("work", s => s.Endpoint<int, int>("do", async (n, _) =>
        {
            begun.TrySetResult();
            // It never looks at its token.
            await new TaskCompletionSource().Task;
            return n;
        })).Guard();
        var call = caller.CallAsync<int, int>("work", "do", 7, Patient);
        await begun.Task.Guard();

        await service.DisposeAsync().AsTask().Guard();

        Assert.Equal(BusErrors.Cancelled, (await Assert.ThrowsAsync<RemoteErrorException>(() => call.Guard())).Error);
        await Assert.ThrowsAsync<ServiceNotFoundException>(() => caller.CallAsync<int, int>("work", "do", 7, Patient).Guard());
    }

    [Fact]
    public async Task A_call_that_is_sent_twice_is_carried_out_once()
    {
        var (bus, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var (count, go) = (0, new TaskCompletionSource());
        await using var service = await bus.ServeAsync("work", s => s.Endpoint<int, int>("do", async (n, _) =>
        {
            Interlocked.Increment(ref count);
            await go.Task;
            return n;
        })).Guard();

        var options = Patient with { SafeToRetry = true, Headers = new BusHeaders { ["Nats-Msg-Id"] = "same" } };
        var calls = Enumerable.Range(0, 5).Select(_ => caller.CallAsync<int, int>("work", "do", 7, options)).ToList();
        await caller.FlushAsync().Guard();
        go.SetResult();

        var answers = await Task.WhenAll(calls).Guard();
        Assert.Equal([7, 7, 7, 7, 7], answers);
        Assert.Equal(7, await caller.CallAsync<int, int>("work", "do", 7, options).Guard());
        Assert.Equal(1, count);
    }

    [Fact]
    public async Task More_calls_than_it_takes_are_answered_with_an_error_at_once()
    {
        var bus = await Fixture.ConnectAsync();
        var go = new TaskCompletionSource();
        await using var service = await bus.ServeAsync(
            "work",
            s => s.Endpoint<int, int>("do", async (n, _) =>
            {
                await go.Task;
                return n;
            }),
            new ServiceOptions { MaxConcurrency = 2, MaxWaiting = 3 }).Guard();

        var calls = Enumerable.Range(0, 6).Select(n => bus.CallAsync<int, int>("work", "do", n, Patient)).ToList();

        Assert.Equal(BusErrors.Overloaded, (await Assert.ThrowsAsync<RemoteErrorException>(() => calls[5].Guard())).Error);
        Assert.Equal((2, 3), (service.GetStatus().Running, service.GetStatus().Waiting));
        go.SetResult();
        var answers = await Task.WhenAll(calls.Take(5)).Guard();
        Assert.Equal([0, 1, 2, 3, 4], answers);
    }

    /// <summary>A call is under way when its service is drained, and is answered; that ends the service.</summary>
    private async Task<(IBusService Service, IBus Caller)> AnsweredWhileAsync(Func<IBus, IBusService, Task> drain)
    {
        var (bus, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var service = await bus.ServeAsync("work", s => s.Endpoint<int, int>("do", async (n, _) =>
        {
            begun.TrySetResult();
            await go.Task;
            return n;
        })).Guard();
        var call = caller.CallAsync<int, int>("work", "do", 7, Patient);
        await begun.Task.Guard();

        var draining = drain(bus, service);
        go.SetResult();
        await draining.Guard();
        Assert.Equal(7, await call.Guard());
        await service.Completion.Guard();
        return (service, caller);
    }
}

public sealed class LocalServiceTests : ServiceContract<LocalBusFixture>;

public sealed class UnixServiceTests : ServiceContract<UnixBusFixture>;

public sealed class TcpServiceTests : ServiceContract<TcpBusFixture>;

public sealed class PipeServiceTests : ServiceContract<PipeBusFixture>;
