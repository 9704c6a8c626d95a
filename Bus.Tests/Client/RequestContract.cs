using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Tests.Client;

public abstract class RequestContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    [Fact]
    public async Task A_request_gets_its_reply()
    {
        var (client, service) = (await Fixture.ConnectAsync("c"), await Fixture.ConnectAsync("s"));
        await service.RespondAsync<int, Order>("orders.get", (number, _, _) => new(new Order(number, "Ada")));
        Assert.Equal(new Order(42, "Ada"), await client.RequestAsync<int, Order>("orders.get", 42).Guard());
    }

    [Fact]
    public async Task Many_requests_at_once_each_get_their_own_reply()
    {
        var (client, service) = (await Fixture.ConnectAsync("c"), await Fixture.ConnectAsync("s"));
        await service.RespondAsync<int, int>("double", async (number, _) =>
        {
            await Task.Yield();
            return number * 2;
        });
        var replies = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => client.RequestAsync<int, int>("double", i))).Guard();
        Assert.Equal(Enumerable.Range(0, 500).Select(i => i * 2), replies);
    }

    [Fact]
    public async Task A_reply_by_hand_and_its_headers_arrive()
    {
        var bus = await Fixture.ConnectAsync();
        await bus.OpenSubscriptionAsync<string>("echo", (message, token) => message.ReplyAsync(message.Data, new BusHeaders { ["Seen"] = message.Headers["Who"] ?? "" }, token));
        var reply = await bus.RequestMessageAsync<string, string>("echo", "hello", new RequestOptions { Headers = new BusHeaders { ["Who"] = "me" } }).Guard();
        Assert.Equal(("hello", "me"), (reply.Data, reply.Headers["seen"]));
    }

    [Fact]
    public async Task Nobody_responds_is_known_at_once()
    {
        var bus = await Fixture.ConnectAsync();
        var error = await Assert.ThrowsAsync<NoRespondersException>(() => bus.RequestAsync<string, string>("nobody.home", "?", TimeSpan.FromHours(1)).Guard());
        Assert.Equal("nobody.home", error.Topic);
    }

    [Fact]
    public async Task A_responder_that_is_silent_lets_the_request_time_out()
    {
        var bus = await Fixture.ConnectAsync();
        await bus.OpenSubscriptionAsync<string>("silent", (_, _) => default);
        var error = await Assert.ThrowsAsync<RequestTimeoutException>(() => bus.RequestAsync<string, string>("silent", "?", TimeSpan.FromMilliseconds(50)).Guard());
        Assert.Equal(("silent", TimeSpan.FromMilliseconds(50)), (error.Topic, error.Timeout));
    }

    [Fact]
    public async Task A_request_without_a_limit_outlasts_others_and_gets_its_reply()
    {
        var bus = await Fixture.ConnectAsync();
        var patient = new TaskCompletionSource<BusMessage<string>>();
        await bus.OpenSubscriptionAsync<string>("silent", (message, _) =>
        {
            if (message.Data == "patient") patient.SetResult(message);
            return default;
        });
        var request = bus.RequestAsync<string, string>("silent", "patient", Timeout.InfiniteTimeSpan);
        await Assert.ThrowsAsync<RequestTimeoutException>(() => bus.RequestAsync<string, string>("silent", "hasty", TimeSpan.FromMilliseconds(20)).Guard());
        Assert.False(request.IsCompleted);
        await (await patient.Task.Guard()).ReplyAsync("at last");
        Assert.Equal("at last", await request.Guard());
    }

    [Fact]
    public async Task A_request_without_a_limit_ends_with_its_responder_and_with_its_bus()
    {
        var (bus, responder) = (await Fixture.ConnectAsync("a"), await Fixture.ConnectAsync("b"));
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        await responder.OpenSubscriptionAsync<int>("mute", (_, _) => SetAsync(first));
        await bus.OpenSubscriptionAsync<int>("own", (_, _) => SetAsync(second));
        var lost = bus.RequestAsync<int, int>("mute", 1, Timeout.InfiniteTimeSpan);
        var closed = bus.RequestAsync<int, int>("own", 1, Timeout.InfiniteTimeSpan);
        await Task.WhenAll(first.Task, second.Task).Guard();
        await responder.DisposeAsync();
        await Assert.ThrowsAsync<ResponderLostException>(() => lost.Guard());
        await bus.DisposeAsync();
        await Assert.ThrowsAsync<BusClosedException>(() => closed.Guard());

        static ValueTask SetAsync(TaskCompletionSource seen)
        {
            seen.SetResult();
            return default;
        }
    }

    [Fact]
    public async Task A_late_reply_is_noticed_and_meets_no_other_request()
    {
        var bus = await Fixture.ConnectAsync();
        var (late, noticed) = (new TaskCompletionSource<BusMessage<string>>(), new TaskCompletionSource<BusNoticeEventArgs>());
        bus.Noticed += (_, notice) => noticed.TrySetResult(notice);
        await bus.OpenSubscriptionAsync<string>("late", (message, token) =>
        {
            if (message.Data == "first") late.SetResult(message);
            else return message.ReplyAsync("second", cancellationToken: token);
            return default;
        });
        await Assert.ThrowsAsync<RequestTimeoutException>(() => bus.RequestAsync<string, string>("late", "first", TimeSpan.FromMilliseconds(20)).Guard());

        await (await late.Task.Guard()).ReplyAsync("first");
        Assert.Equal("second", await bus.RequestAsync<string, string>("late", "second").Guard());
        var notice = await noticed.Task.Guard();
        Assert.Equal((BusNoticeKind.LateReply, "late"), (notice.Kind, notice.Topic));
        Assert.Contains("too late for the request on 'late'", notice.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_responder_that_disconnects_is_known_at_once()
    {
        var (client, service) = (await Fixture.ConnectAsync("c"), await Fixture.ConnectAsync("s"));
        var got = new TaskCompletionSource();
        await service.OpenSubscriptionAsync<string>("work", (_, _) =>
        {
            got.SetResult();
            return default;
        });
        var request = client.RequestAsync<string, string>("work", "?", TimeSpan.FromHours(1));
        await got.Task.Guard();
        await service.DisposeAsync().AsTask().Guard();

        var error = await Assert.ThrowsAsync<ResponderLostException>(() => request.Guard());
        Assert.Equal("work", error.Topic);
    }

    [Fact]
    public async Task A_responder_that_throws_answers_with_the_error()
    {
        var bus = await Fixture.ConnectAsync();
        await bus.RespondAsync<string, string>("fails", (_, _, _) => throw new InvalidOperationException("the disk\r\nis full"));
        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => bus.RequestAsync<string, string>("fails", "?", TimeSpan.FromHours(1)).Guard());
        Assert.Equal(("the disk is full", 500, "handler-failed"), (error.Text, error.Code, error.Error));
        // And it goes on responding.
        await Assert.ThrowsAsync<RemoteErrorException>(() => bus.RequestAsync<string, string>("fails", "?", TimeSpan.FromHours(1)).Guard());
    }

    [Fact]
    public async Task A_responder_chooses_its_error()
    {
        var bus = await Fixture.ConnectAsync();
        await bus.RespondAsync<string, string>("find", (_, _, _) => throw new RemoteErrorException("no such order", 404, "not-found"), new SubscriptionOptions { OnFailure = FailurePolicy.Stop });
        for (var i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<RemoteErrorException>(() => bus.RequestAsync<string, string>("find", "?").Guard());
            Assert.Equal(("no such order", 404, "not-found"), (error.Text, error.Code, error.Error));
        }
    }

    [Fact]
    public async Task A_request_that_cannot_be_read_is_the_requesters_fault()
    {
        var bus = await Fixture.ConnectAsync();
        await bus.RespondAsync<Order, string>("take", (_, _, _) => new("ok"), new SubscriptionOptions { OnFailure = FailurePolicy.Stop });
        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => bus.RequestAsync<string, string>("take", "no json").Guard());
        Assert.Equal(400, error.Code);
        Assert.Equal("ok", await bus.RequestAsync<Order, string>("take", new Order(1, "x")).Guard());
    }

    [Fact]
    public async Task Members_of_a_queue_group_share_the_requests()
    {
        var (client, service) = (await Fixture.ConnectAsync("c"), await Fixture.ConnectAsync("s"));
        for (var i = 0; i < 2; i++)
        {
            var name = $"r{i}";
            await service.RespondAsync<string, string>("who", (_, _, _) => new(name), new SubscriptionOptions { Queue = "q" });
        }

        var names = new List<string>();
        for (var i = 0; i < 10; i++) names.Add(await client.RequestAsync<string, string>("who", "?").Guard());
        Assert.Equal(5, names.Count(n => n == "r0"));
        Assert.Equal(5, names.Count(n => n == "r1"));
    }

    [Fact]
    public async Task A_cancelled_request_ends_with_its_token()
    {
        var bus = await Fixture.ConnectAsync();
        var got = new TaskCompletionSource();
        await bus.OpenSubscriptionAsync<string>("slow", (_, _) =>
        {
            got.TrySetResult();
            return default;
        });
        using var cancel = new CancellationTokenSource();
        var request = bus.RequestAsync<string, string>("slow", "?", TimeSpan.FromHours(1), cancel.Token);
        await got.Task.Guard();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request.Guard());
    }

    [Fact]
    public async Task Requests_fail_when_their_own_bus_is_closed()
    {
        var (client, service) = (await Fixture.ConnectAsync("c"), await Fixture.ConnectAsync("s"));
        var got = new TaskCompletionSource();
        await service.OpenSubscriptionAsync<string>("slow", (_, _) =>
        {
            got.TrySetResult();
            return default;
        });
        var request = client.RequestAsync<string, string>("slow", "?", TimeSpan.FromHours(1));
        await got.Task.Guard();
        await client.DisposeAsync().AsTask().Guard();
        await Assert.ThrowsAsync<BusClosedException>(() => request.Guard());
        await Assert.ThrowsAsync<BusClosedException>(() => client.RequestAsync<string, string>("slow", "?"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(100_000)]
    public async Task A_timeout_that_makes_no_sense_is_refused(int seconds)
    {
        var bus = await Fixture.ConnectAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => bus.RequestAsync<string, string>("x", "?", TimeSpan.FromSeconds(seconds)));
    }

    [Fact]
    public async Task A_request_that_comes_twice_is_answered_twice_and_handled_once()
    {
        var bus = await Fixture.ConnectAsync();
        var handled = 0;
        await using var responder = await bus.RespondAsync<string, string>("twice", (text, _, _) => ++handled == 1 ? new(text + "!") : throw new RemoteErrorException("no", 404, "absent"));
        var (first, second) = (new RequestOptions { Headers = new BusHeaders { ["Nats-Msg-Id"] = "1" } }, new RequestOptions { SafeToRetry = true });
        for (var i = 0; i < 2; i++) Assert.Equal("hello!", (await bus.RequestMessageAsync<string, string>("twice", "hello", first).Guard()).Data);
        Assert.Equal(1, handled);

        // Another id, given by the bus: another request. Its error is an answer like any other.
        await Assert.ThrowsAsync<RemoteErrorException>(() => bus.RequestMessageAsync<string, string>("twice", "hello", second).Guard());
        Assert.Equal(2, handled);
        var third = new RequestOptions { Headers = new BusHeaders { ["Nats-Msg-Id"] = "3" } };
        for (var i = 0; i < 2; i++) Assert.Equal(404, (await Assert.ThrowsAsync<RemoteErrorException>(() => bus.RequestMessageAsync<string, string>("twice", "hello", third).Guard())).Code);
        Assert.Equal(3, handled);
    }

    [Fact]
    public async Task A_responder_remembers_only_as_long_and_as_much_as_it_is_told()
    {
        var bus = await Fixture.ConnectAsync();
        var handled = 0;
        await using var none = await bus.RespondAsync<int, int>("none", (_, _, _) => new(++handled), new SubscriptionOptions { DuplicateWindow = TimeSpan.Zero });
        await using var one = await bus.RespondAsync<int, int>("one", (_, _, _) => new(++handled), new SubscriptionOptions { MaxRemembered = 1 });
        RequestOptions[] ids = [.. "121".Select(id => new RequestOptions { Headers = new BusHeaders { ["Nats-Msg-Id"] = id.ToString() } })];
        foreach (var topic in new[] { "none", "one" })
        {
            foreach (var id in ids) await bus.RequestMessageAsync<int, int>(topic, 0, id).Guard();
        }

        Assert.Equal(6, handled);
    }
}
