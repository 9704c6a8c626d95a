using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Routes;
using Bus.Core.Rpc;
using Bus.Tests.Client;

namespace Bus.Tests.Rpc;

/// <summary>The same middleware around methods, streams, routers, responders and handlers of messages.</summary>
public abstract class MiddlewareContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private static readonly AsyncLocal<string?> Who = new();

    private readonly List<string> _seen = [];
    private IBus _bus = null!;
    private IBus _caller = null!;

    [Fact]
    public async Task It_runs_around_whatever_handles_a_message()
    {
        await ConnectAsync();
        // Streams and routes have answered before the middleware has ended.
        var ended = new CountdownEvent(5);
        BusMiddleware[] use = [async (_, next, _) => { await next(); ended.Signal(); }, Log("outer"), Log("inner")];
        await using var service = await _bus.ServeAsync("work", s => s.Endpoint<int, int>("do", (n, _) => Seen(n)).Stream<int, int>("count", (n, _) => Enumerable.Range(Seen(n), 2).ToAsyncEnumerable()), new ServiceOptions { Use = use }).Guard();
        await using var routes = await _bus.RouteAsync("api", new BusRouter().Get("/", c => c.Response.SendAsync(Seen(3))), new ServiceOptions { Use = use }).Guard();
        await using var responder = await _bus.RespondAsync<int, int>("respond", (n, _) => new(Seen(n)), new SubscriptionOptions { Use = use }).Guard();
        await using var subscription = await _bus.OpenSubscriptionAsync<int>("topic", (message, _) =>
        {
            Seen(message.Data);
            return default;
        }, new SubscriptionOptions { Use = use }).Guard();

        Assert.Equal(1, await _caller.CallAsync<int, int>("work", "do", 1).Guard());
        Assert.Equal([2, 3], await _caller.CallStreamAsync<int, int>("work", "count", 2).ToListAsync().AsTask().Guard());
        Assert.Equal(3, await _caller.Routes("api").GetAsync<int>("/").Guard());
        Assert.Equal(4, await _caller.RequestAsync<int, int>("respond", 4).Guard());
        await _caller.PublishAsync("topic", 5);
        Assert.True(ended.Wait(Guarding.Limit));

        string[] topics = ["work.do", "work.count", "api.route", "respond", "topic"];
        for (var i = 0; i < topics.Length; i++) Assert.Equal([$"outer {topics[i]}", $"inner {topics[i]}", $"{i + 1}", $"inner {topics[i]} ends", $"outer {topics[i]} ends"], _seen.Where(line => line == $"{i + 1}" || line.Contains(topics[i], StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_it_throws_is_the_answer_and_the_handler_does_not_run()
    {
        await ConnectAsync();
        BusMiddleware[] use = [(message, next, _) => message.Headers["Key"] == "1234" ? next() : throw new RemoteErrorException("who are you?", 403, "forbidden"), Log("in")];
        await using var service = await _bus.ServeAsync("work", s => s.Endpoint<int, int>("do", (n, _) => n).Stream<int, int>("count", (n, _) => Enumerable.Range(n, 2).ToAsyncEnumerable()), new ServiceOptions { Use = use }).Guard();
        await using var responder = await _bus.RespondAsync<int, int>("respond", (n, _) => new(n), new SubscriptionOptions { Use = use }).Guard();

        await IsForbiddenAsync(() => _caller.CallAsync<int, int>("work", "do", 1));
        await IsForbiddenAsync(() => _caller.CallStreamAsync<int, int>("work", "count", 1).ToListAsync().AsTask());
        await IsForbiddenAsync(() => _caller.RequestAsync<int, int>("respond", 1));
        Assert.Empty(_seen);
        Assert.Equal(1, await _caller.CallAsync<int, int>("work", "do", 1, new ServiceCallOptions { Headers = new() { ["Key"] = "1234" } }).Guard());
        Assert.Equal((2, 1), (service.GetStatus().Methods[0].Requests, service.GetStatus().Methods[0].Errors));

        async Task IsForbiddenAsync(Func<Task> call) => Assert.Equal("forbidden", (await Assert.ThrowsAsync<RemoteErrorException>(() => call().Guard())).Error);
    }

    [Fact]
    public async Task One_that_does_not_go_on_skips_a_message_and_leaves_a_request_not_handled()
    {
        await ConnectAsync("worker");
        BusMiddleware[] use = [(message, next, _) => message.Headers.Contains("Skip") ? default : next()];
        var skipped = new Bus.Core.Messages.BusHeaders { ["Skip"] = "" };
        await using var service = await _bus.ServeAsync("work", s => s.Endpoint<int, int>("do", (n, _) => n), new ServiceOptions { Use = use }).Guard();
        await using var responder = await _bus.RespondAsync<int, int>("respond", (n, _) => new(n), new SubscriptionOptions { Use = use }).Guard();
        var first = new TaskCompletionSource<int>();
        await using var subscription = await _bus.OpenSubscriptionAsync<int>("topic", (message, _) =>
        {
            first.TrySetResult(message.Data);
            return default;
        }, new SubscriptionOptions { Use = use }).Guard();
        await using var inbox = await _bus.OpenInboxAsync<int>((_, _) => default, new SubscriptionOptions { Use = use }).Guard();

        await IsNotHandledAsync(() => _caller.CallAsync<int, int>("work", "do", 1, new ServiceCallOptions { Headers = skipped }));
        await IsNotHandledAsync(() => _caller.RequestMessageAsync<int, int>("respond", 1, new RequestOptions { Headers = skipped }));
        await IsNotHandledAsync(() => _caller.DeliverAsync("worker", 1, new DeliverOptions { Headers = skipped }));
        await _caller.DeliverAsync("worker", 1).Guard();
        await _caller.PublishAsync("topic", 1, new PublishOptions { Headers = skipped });
        await _caller.PublishAsync("topic", 2);
        Assert.Equal(2, await first.Task.Guard());

        async Task IsNotHandledAsync(Func<Task> call) => Assert.Equal(BusErrors.NotHandled, (await Assert.ThrowsAsync<RemoteErrorException>(() => call().Guard())).Error);
    }

    [Fact]
    public async Task It_sees_the_error_of_the_handler_and_may_say_it_in_other_words()
    {
        await ConnectAsync();
        BusMiddleware[] use =
        [
            async (_, next, _) =>
            {
                try
                {
                    await next();
                }
                catch (InvalidOperationException e) when (e.Message != "hidden")
                {
                    throw new RemoteErrorException($"in other words: {e.Message}", 409, "conflict");
                }
                catch (InvalidOperationException)
                {
                    // Nobody is told.
                }
            },
        ];
        await using var service = await _bus.ServeAsync("work", s => s.Endpoint<string, int>("do", (text, _) => text.Length > 0 ? throw new InvalidOperationException(text) : 0), new ServiceOptions { Use = use }).Guard();

        Assert.Equal("in other words: no", (await Assert.ThrowsAsync<RemoteErrorException>(() => _caller.CallAsync<string, int>("work", "do", "no").Guard())).Text);
        Assert.Equal(BusErrors.NotHandled, (await Assert.ThrowsAsync<RemoteErrorException>(() => _caller.CallAsync<string, int>("work", "do", "hidden").Guard())).Error);
    }

    [Fact]
    public async Task The_handler_runs_once_and_is_waited_for()
    {
        await ConnectAsync();
        var count = 0;
        BusMiddleware twice = async (_, next, _) =>
        {
            await next();
            await next();
        };
        BusMiddleware never = (_, next, _) =>
        {
            _ = next().AsTask();
            return default;
        };
        await using var one = await _bus.ServeAsync("one", s => s.Endpoint<int, int>("do", (_, _) => ++count), new ServiceOptions { Use = [twice] }).Guard();
        await using var two = await _bus.ServeAsync("two", s => s.Endpoint<int, int>("do", async (n, _) =>
        {
            await Task.Yield();
            return n;
        }), new ServiceOptions { Use = [never] }).Guard();

        Assert.Contains("goes on twice", (await Assert.ThrowsAsync<RemoteErrorException>(() => _caller.CallAsync<int, int>("one", "do", 1).Guard())).Text);
        Assert.Equal(1, count);
        Assert.Equal(7, await _caller.CallAsync<int, int>("two", "do", 7).Guard());
    }

    [Fact]
    public async Task The_handler_sees_what_it_sets_and_it_sees_the_call()
    {
        await ConnectAsync();
        BusMiddleware who = (message, next, _) =>
        {
            Who.Value = $"{CallContext.Current?.Caller} on {message.Topic}";
            return next();
        };
        await using var service = await _bus.ServeAsync("work", s => s.Endpoint<int, string>("do", (_, _) => Who.Value!), new ServiceOptions { Use = [who] }).Guard();
        Assert.Equal($"{_caller.Name} on work.do", await _caller.CallAsync<int, string>("work", "do", 1).Guard());
    }

    [Fact]
    public async Task Without_a_handler_there_is_none()
    {
        await ConnectAsync();
        var options = new SubscriptionOptions { Use = [Log("x")] };
        await Assert.ThrowsAsync<ArgumentException>(() => _bus.OpenSubscriptionAsync<int>("a", options));
        await Assert.ThrowsAsync<ArgumentException>(() => _bus.OpenSubscriptionAsync<int>("a", ActorRefs.Nobody, options));
        Assert.Throws<ArgumentException>(() => _bus.SubscribeAsync<int>("a", options));
    }

    private async Task ConnectAsync(string? name = null) => (_bus, _caller) = (await Fixture.ConnectAsync(name), await Fixture.ConnectAsync());

    private int Seen(int n)
    {
        lock (_seen) _seen.Add($"{n}");
        return n;
    }

    private BusMiddleware Log(string name) => async (message, next, _) =>
    {
        lock (_seen) _seen.Add($"{name} {message.Topic}");
        await next();
        lock (_seen) _seen.Add($"{name} {message.Topic} ends");
    };
}

public sealed class LocalMiddlewareTests : MiddlewareContract<LocalBusFixture>;

public sealed class UnixMiddlewareTests : MiddlewareContract<UnixBusFixture>;

public sealed class TcpMiddlewareTests : MiddlewareContract<TcpBusFixture>;

public sealed class PipeMiddlewareTests : MiddlewareContract<PipeBusFixture>;
