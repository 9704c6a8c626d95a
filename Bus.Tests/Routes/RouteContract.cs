using System.Text;
using System.Text.Json;
using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Messages;
using Bus.Core.Routes;
using Bus.Core.Rpc;
using Bus.Tests.Client;

namespace Bus.Tests.Routes;

/// <summary>Routers as services: offered, called, found, and what their callers hear.</summary>
public abstract class RouteContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private static readonly RouteOptions Patient = new() { Timeout = TimeSpan.FromHours(1) };

    [Fact]
    public async Task Requests_reach_their_routes_and_the_answers_come_back()
    {
        var (bus, client) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync("ada"));
        var router = new BusRouter()
            .Use(c =>
            {
                c.Response.Headers["X-Caller"] = c.Request.Caller;
                return c.NextAsync();
            })
            .Get("/orders/:number(int)", c => c.Response.SendAsync(new Order(c.Request.Params.Get<int>("number"), c.Request.Query["customer"] ?? "nobody")))
            .Delete("/orders/:number", c => c.Response.SendAsync())
            .Put("/orders", c => c.Response.SendAsync("put " + c.Request.Body<Order>().Customer))
            .Patch("/orders", c => c.Response.SendAsync(c.Request.Payload))
            .Post("/orders", c =>
            {
                c.Response.Status = 201;
                return c.Response.SendAsync(c.Request.Body<Order>() with { Customer = c.Request.Headers["X-Customer"]! });
            });
        await using var service = await bus.RouteAsync("api", router).Guard();
        var api = client.Routes("api");

        Assert.Equal(new Order(42, "Åsa & Co"), await api.GetAsync<Order>("/orders/42", Patient with { Query = [new("customer", "Åsa & Co")] }).Guard());
        Assert.Null(await api.DeleteAsync<Order>("/orders/42", Patient).Guard());
        Assert.Equal("put Ada", await api.PutAsync<Order, string>("/orders", new Order(1, "Ada"), Patient).Guard());
        Assert.Equal([1, 0, 255], await api.PatchAsync<byte[], byte[]>("/orders", [1, 0, 255], Patient).Guard());
        Assert.Equal(new Order(7, "Eve"), await api.PostAsync<Order, Order>("/orders", new Order(7, ""), Patient with { Headers = new BusHeaders { ["X-Customer"] = "Eve" } }).Guard());
        var whole = await api.SendAsync("post", "/orders", new Order(7, ""), Patient with { Headers = new BusHeaders { ["X-Customer"] = "Eve" } }).Guard();
        Assert.Equal((201, false, "ada"), (whole.Status, whole.IsError, whole.Headers["X-Caller"]));
        Assert.Equal("""{"number":7,"customer":"Eve"}""", Encoding.UTF8.GetString(whole.Payload.Span));
    }

    [Fact]
    public async Task Each_error_has_its_name()
    {
        var bus = await Fixture.ConnectAsync();
        var router = new BusRouter()
            .Get("/throws", _ => throw new InvalidOperationException("the disk is full"))
            .Get("/silent", _ => default)
            .Get("/own", c =>
            {
                c.Response.Headers["X-Why"] = "because";
                return c.Response.FailAsync(409, "no", "conflict", "{}");
            })
            .Get("/large", c => c.Response.SendAsync(new byte[bus.MaxPayload + 1]))
            .Get("/call", async c => await CallContext.Current!.Bus.CallAsync<int, int>("nowhere", "x", 1))
            .Post("/body", c => c.Response.SendAsync(c.Request.Body<Order>()));
        await using var service = await bus.RouteAsync("api", router, new ServiceOptions { MaxConcurrency = 4 }).Guard();
        await using var other = await bus.ServeAsync("other").Guard();
        var api = bus.Routes("api");

        Assert.Equal((404, "not-found"), Told(await api.SendAsync("GET", "/nothing", Patient).Guard()));
        Assert.Equal((500, BusErrors.HandlerFailed), Told(await api.SendAsync("GET", "/throws", Patient).Guard()));
        Assert.Equal((500, BusErrors.HandlerFailed), Told(await api.SendAsync("GET", "/silent", Patient).Guard()));
        Assert.Equal((400, BusErrors.BadRequest), Told(await api.SendAsync("POST", "/body", "no JSON", Patient).Guard()));
        Assert.Equal((400, BusErrors.BadRequest), Told(await api.SendAsync("GET", "/%2", Patient).Guard()));
        Assert.Contains("this bus allows", (await api.SendAsync("GET", "/large", Patient).Guard()).Error!.Text, StringComparison.Ordinal);
        Assert.Contains("nowhere", (await api.SendAsync("GET", "/call", Patient).Guard()).Error!.Text, StringComparison.Ordinal);
        var own = await api.SendAsync("GET", "/own", Patient).Guard();
        Assert.Equal((409, "conflict", "no", "{}", "because"), (own.Status, own.Error!.Error, own.Error.Text, own.Error.Detail, own.Headers["X-Why"]));
        var thrown = await Assert.ThrowsAsync<RemoteErrorException>(() => api.GetAsync<string>("/own", Patient).Guard());
        Assert.Equal(("conflict", "because"), (thrown.Error, thrown.Headers["X-Why"]));

        Assert.Contains("api", (await Assert.ThrowsAsync<ServiceNotFoundException>(() => bus.Routes("apl").GetAsync<string>("/own", Patient).Guard())).Available);
        await Assert.ThrowsAsync<MethodNotFoundException>(() => bus.Routes("other").GetAsync<string>("/own", Patient).Guard());
        await Assert.ThrowsAsync<ArgumentException>(() => api.GetAsync<string>("own", Patient).Guard());
        Assert.Throws<ArgumentException>(() => bus.Routes("a.b"));
    }

    [Fact]
    public async Task An_answer_goes_out_when_it_is_given_and_not_when_the_handler_ends()
    {
        var (bus, client) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var (go, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        var router = new BusRouter().Post("/jobs", async c =>
        {
            await c.Response.SendAsync("accepted");
            await go.Task;
            ended.SetResult();
        });
        await using var service = await bus.RouteAsync("api", router).Guard();

        Assert.Equal("accepted", await client.Routes("api").PostAsync<string, string>("/jobs", "work", Patient).Guard());
        Assert.False(ended.Task.IsCompleted);
        go.SetResult();
        await ended.Task.Guard();
    }

    [Fact]
    public async Task A_request_that_is_sent_twice_is_handled_once_and_answered_the_same()
    {
        var (bus, client) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var count = 0;
        var router = new BusRouter()
            .Post("/orders", c =>
            {
                c.Response.Status = 201;
                c.Response.Headers["X-Count"] = $"{Interlocked.Increment(ref count)}";
                return c.Response.SendAsync("made");
            })
            .Post("/refused", c =>
            {
                c.Response.Headers["X-Count"] = $"{Interlocked.Increment(ref count)}";
                return c.Response.FailAsync(409, "no", "conflict");
            });
        await using var service = await bus.RouteAsync("api", router).Guard();

        for (var n = 0; n < 3; n++)
        {
            var made = await client.Routes("api").SendAsync("POST", "/orders", "x", Same("one")).Guard();
            Assert.Equal((201, "1", "made"), (made.Status, made.Headers["X-Count"], made.Read<string>()));
            var refused = await client.Routes("api").SendAsync("POST", "/refused", "x", Same("other")).Guard();
            Assert.Equal((409, "2", "conflict"), (refused.Status, refused.Headers["X-Count"], refused.Error!.Error));
        }

        Assert.Equal(2, count);

        static RouteOptions Same(string id) => Patient with { SafeToRetry = true, Headers = new BusHeaders { ["Nats-Msg-Id"] = id } };
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_router_may_end_the_connection_of_its_caller(bool closeBus)
    {
        var (bus, client) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.StateChanged += (_, e) =>
        {
            if (e.Current == BusState.Closed) closed.TrySetResult();
        };
        var router = new BusRouter().Get("/last", c =>
        {
            c.Response.EndConnection = true;
            return c.Response.SendAsync("bye");
        });
        await using var service = await bus.RouteAsync("api", router).Guard();
        var api = client.Routes("api", new RouteClientOptions { CloseBus = closeBus });

        Assert.Equal("bye", await api.GetAsync<string>("/last", Patient).Guard());

        Assert.True(api.IsClosed);
        await Assert.ThrowsAsync<BusClosedException>(() => api.GetAsync<string>("/last", Patient).Guard());
        if (closeBus) await closed.Task.Guard();
        else Assert.Equal("bye", await client.Routes("api").GetAsync<string>("/last", Patient).Guard());
    }

    [Fact]
    public async Task Any_client_calls_it_with_headers_and_finds_it()
    {
        var (bus, client) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var router = new BusRouter()
            .Get("/", c => c.Response.SendAsync("root"))
            .Get("/a", c => c.Response.FailAsync(418, "tea", "teapot"))
            .Post("/b", c =>
            {
                (c.Response.Status, c.Response.EndConnection) = (202, true);
                return c.Response.SendAsync(c.Request.Query["x"]);
            });
        await using var service = await bus.RouteAsync("api", router).Guard();
        var (executed, all) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        service.MethodExecuted += (_, _) =>
        {
            if (Interlocked.Increment(ref executed) == 4) all.SetResult();
        };

        Assert.Equal("root", await client.RequestAsync<string, string>("api.route", "").Guard());
        var posted = await client.RequestMessageAsync<string, string>("api.route", "", Asked("POST", "b?x=1")).Guard();
        Assert.Equal(("1", "202", "true"), (posted.Data, posted.Headers["Bus-Status"], posted.Headers["Bus-End-Connection"]));
        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => client.RequestMessageAsync<string, string>("api.route", "", Asked("get", "/a")).Guard());
        Assert.Equal((418, "teapot"), (error.Code, error.Error));
        Assert.Equal(400, (await Assert.ThrowsAsync<RemoteErrorException>(() => client.RequestMessageAsync<string, string>("api.route", "", Asked("G T", "/a")).Guard())).Code);
        var info = JsonDocument.Parse(await client.RequestAsync<string, string>("$SRV.INFO.api", "").Guard()).RootElement;
        Assert.Equal(("route", "api.route"), (info.GetProperty("endpoints")[0].GetProperty("name").GetString(), info.GetProperty("endpoints")[0].GetProperty("subject").GetString()));
        // A call is counted when its handler has ended, which is after its answer.
        await all.Task.Guard();
        var method = Assert.Single(service.GetStatus().Methods);
        Assert.Equal((4, 2), (method.Requests, method.Errors));

        static RequestOptions Asked(string verb, string path) => new() { Headers = new BusHeaders { ["Bus-Method"] = verb, ["Bus-Path"] = path } };
    }

    [Fact]
    public async Task Instances_share_the_requests_and_each_request_gets_its_own_answer()
    {
        var (one, two, client) = (await Fixture.ConnectAsync("one"), await Fixture.ConnectAsync("two"), await Fixture.ConnectAsync());
        await using var first = await one.RouteAsync("api", Numbers("one")).Guard();
        await using var second = await two.RouteAsync("api", Numbers("two")).Guard();
        var api = client.Routes("api");

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => api.SendAsync("GET", $"/{n}?again={n}", Patient))).Guard();

        Assert.Equal(Enumerable.Range(0, 200).Select(n => $"{n} {n}"), answers.Select(answer => answer.Read<string>()));
        Assert.Equal(["one", "two"], answers.Select(answer => answer.Headers["X-Who"]!).Distinct().Order());

        static BusRouter Numbers(string name) => new BusRouter().Get("/:n", async c =>
        {
            await Task.Yield();
            c.Response.Headers["X-Who"] = name;
            await c.Response.SendAsync($"{c.Request.Params["n"]} {c.Request.Query["again"]}");
        });
    }

    [Fact]
    public async Task A_router_that_calls_another_takes_the_context_along()
    {
        var (bus, client) = (await Fixture.ConnectAsync("outer"), await Fixture.ConnectAsync("client"));
        var chain = new BusRouter().Get("/chain", c => c.Response.SendAsync($"{string.Join('>', CallContext.Current!.Chain)} for {c.Request.Caller}"));
        chain.Get("/through", async c => await c.Response.SendAsync(await bus.Routes("inner").GetAsync<string>("/chain")));
        await using var outer = await bus.RouteAsync("outer", chain).Guard();
        await using var inner = await client.RouteAsync("inner", chain).Guard();

        Assert.Equal("outer>inner for outer", await client.Routes("outer").GetAsync<string>("/through", Patient).Guard());
    }

    [Fact]
    public async Task Who_gives_a_request_up_cancels_its_handlers_and_nothing_is_answered_twice()
    {
        var (bus, client) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var (begun, failed) = (new TaskCompletionSource(), new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously));
        var router = new BusRouter()
            .Use((c, error) =>
            {
                failed.TrySetResult(error);
                return c.NextAsync(error);
            })
            .Get("/", async c =>
            {
                begun.SetResult();
                var cancelled = new TaskCompletionSource();
                c.CancellationToken.Register(cancelled.SetResult);
                await cancelled.Task;
                // The service has answered in its place by the time this handler is through.
                await Eventually(() => CallContext.Current!.Message.IsAnswered);
                await c.Response.SendAsync("too late");
            });
        await using var service = await bus.RouteAsync("api", router).Guard();
        using var cancellation = new CancellationTokenSource();

        var call = client.Routes("api").GetAsync<string>("/", Patient, cancellation.Token);
        await begun.Task.Guard();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Guard());
        Assert.IsType<OperationCanceledException>(await failed.Task.Guard());

        static async Task Eventually(Func<bool> holds)
        {
            while (!holds()) await Task.Yield();
        }
    }

    private static (int, string?) Told(RouteAnswer answer) => (answer.Status, answer.Error?.Error);
}

public sealed class LocalRouteTests : RouteContract<LocalBusFixture>;

public sealed class UnixRouteTests : RouteContract<UnixBusFixture>;

public sealed class TcpRouteTests : RouteContract<TcpBusFixture>;

public sealed class PipeRouteTests : RouteContract<PipeBusFixture>;
