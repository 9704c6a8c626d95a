using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Core.Routes;
using Bus.Tests.Client;

namespace Bus.Tests.Core.Routes;

/// <summary>What a router does with a request, without a bus.</summary>
public sealed class RouterTests
{
    private readonly List<string> _trace = [];

    [Fact]
    public async Task A_verb_and_a_path_reach_their_handler()
    {
        var router = new BusRouter()
            .Get("/users/:id(int)", c => c.Response.SendAsync($"get {c.Request.Params.Get<int>("id")} {c.Request.Query["full"]}"))
            .Post("/users", c => c.Response.SendAsync(c.Request.Body<Order>() with { Number = 2 }))
            .Put("/users", c => c.Response.SendAsync("put"))
            .Patch("/users", c => c.Response.SendAsync("patch"))
            .Delete("/users", c => c.Response.SendAsync())
            .Map("purge", "/users", new RouteHandlers { c => c.Response.SendAsync(c.Request.Method) });

        Assert.Equal("get 42 yes", (await router.DispatchAsync("get", "/users/42?full=yes")).Read<string>());
        Assert.Equal(new Order(2, "Ada"), (await router.DispatchAsync("POST", "/users", new Order(1, "Ada"))).Read<Order>());
        Assert.Equal("put", await TextAsync(router, "PUT", "/users"));
        Assert.Equal("patch", await TextAsync(router, "PATCH", "/users"));
        Assert.Equal("PURGE", await TextAsync(router, "PURGE", "/users"));
        var nothing = await router.DispatchAsync("DELETE", "/users");
        Assert.True(nothing is { Status: 200, IsError: false, Payload.IsEmpty: true });
        Assert.Null(nothing.Read<Order>());
    }

    [Fact]
    public async Task The_groups_are_asked_in_the_documented_order_whatever_the_order_of_registration()
    {
        var router = new BusRouter()
            .Get("/a/:id", Step("verb 1"), Step("verb 2"))
            .All("/a/*", Step("all 1"))
            .NotFound(Step("none"))
            .Use("/a", Step("path 1"), Step("path 2"))
            .Use(Step("app 1"))
            .Post("/a/:id", Step("post"))
            .Use("/a", new BusRouter().Get("/:id", Step("nested verb")).Use(Step("nested app")))
            .Get("/a/b", Step("verb 3"))
            .Use("/b", Step("other path"))
            .All("/a/b", Step("all 2"))
            .Use(Step("app 2"));

        await router.DispatchAsync("GET", "/a/b");

        Assert.Equal(["app 1", "app 2", "path 1", "path 2", "nested app", "nested verb", "all 1", "all 2", "verb 1", "verb 2", "verb 3", "none"], _trace);
    }

    [Fact]
    public async Task Middleware_has_what_follows_in_its_middle()
    {
        var router = new BusRouter()
            .Use(async c =>
            {
                _trace.Add("in");
                c.Items["user"] = "Ada";
                c.Response.Headers["X-Time"] = "now";
                await c.NextAsync();
                _trace.Add($"out {c.Response.IsSent}");
            })
            .Get("/", async c =>
            {
                await Task.Yield();
                c.Response.Status = 201;
                await c.Response.SendAsync(c.Items["user"]);
            });

        var answer = await router.DispatchAsync("GET", "/").Guard();

        Assert.Equal(["in", "out True"], _trace);
        Assert.Equal((201, "now", "Ada"), (answer.Status, answer.Headers["X-Time"], answer.Read<string>().Trim('"')));
    }

    [Fact]
    public async Task What_nobody_answers_is_not_found_and_told_what_there_is()
    {
        var router = new BusRouter().Get("/a", Step("x")).Post("/a", Step("x")).Use("/n", new BusRouter().Delete("/:id", Step("x")));

        var answer = await router.DispatchAsync("PUT", "/a");
        Assert.Equal((404, "not-found"), (answer.Status, answer.Error!.Error));
        Assert.Equal("Nothing answers PUT /a: this path knows GET, POST.", answer.Error.Text);
        Assert.Equal("Nothing answers GET /n/7: this path knows DELETE.", (await router.DispatchAsync("GET", "/n/7")).Error!.Text);
        Assert.Equal("Nothing answers GET /b: check verb and path.", (await router.DispatchAsync("GET", "/b")).Error!.Text);
        Assert.Throws<RemoteErrorException>(() => answer.Read<string>());

        router.NotFound(c => c.Response.FailAsync(410, "gone", "gone", "{}"));
        Assert.Equal((410, "gone", "gone", "{}"), (await router.DispatchAsync("GET", "/b")).Error is { } e ? (e.Code, e.Text, e.Error, e.Detail) : default);
    }

    [Fact]
    public async Task A_handler_that_neither_answers_nor_goes_on_leaves_nobody_waiting()
    {
        var router = new BusRouter().Get("/", _ => default, Step("never"));

        var answer = await router.DispatchAsync("GET", "/").Guard();

        Assert.Contains("ended without an answer and without calling next", answer.Error!.Text, StringComparison.Ordinal);
        Assert.Empty(_trace);
    }

    [Fact]
    public async Task Next_is_called_once_and_not_after_the_end()
    {
        RouteContext? kept = null;
        var router = new BusRouter()
            .Get("/twice", async c =>
            {
                await c.NextAsync();
                await c.NextAsync();
            })
            .Get("/late", c =>
            {
                kept = c;
                return c.Response.SendAsync("done");
            })
            .Get("/*", Step("rest"));

        Assert.Contains("called next twice", (await router.DispatchAsync("GET", "/twice").Guard()).Error!.Text, StringComparison.Ordinal);
        Assert.Equal(["rest"], _trace);
        Assert.Equal("done", await TextAsync(router, "GET", "/late"));
        Assert.Contains("after it had ended", (await Assert.ThrowsAsync<NextCalledTwiceException>(async () => await kept!.NextAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_handler_sets_going_without_waiting_for_it_is_waited_for()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var router = new BusRouter()
            .Use(c =>
            {
                _ = c.NextAsync().AsTask();
                return default;
            })
            .Get("/", async c =>
            {
                await gate.Task;
                await c.Response.SendAsync("late");
            });

        var answer = router.DispatchAsync("GET", "/");
        Assert.False(answer.IsCompleted);
        gate.SetResult();

        Assert.Equal("late", (await answer.Guard()).Read<string>());
    }

    [Fact]
    public async Task Thousands_of_handlers_in_a_row_do_not_overflow_the_stack()
    {
        var router = new BusRouter().Use([.. Enumerable.Repeat<Func<RouteContext, ValueTask>>(c => c.NextAsync(), 20_000)]).Get("/", c => c.Response.SendAsync("through"));

        Assert.Equal("through", await TextAsync(router, "GET", "/"));
    }

    [Fact]
    public async Task Routers_within_routers_see_the_parameters_around_them()
    {
        var inner = new BusRouter().Get("/:item", c => c.Response.SendAsync($"{c.Request.Params} {c.Request.Route} {c.Request.Path}"));
        var router = new BusRouter().Use("/users/:id", new BusRouter().Use("/items", inner)).Use(new BusRouter().Get("/plain", c => c.Response.SendAsync(c.Request.Route)));

        Assert.Equal("id: 7; item: b c /users/:id/items/:item /users/7/items/b%20c", await TextAsync(router, "GET", "/users/7/items/b%20c"));
        Assert.Equal("/plain", await TextAsync(router, "GET", "/plain"));
        Assert.Throws<ArgumentException>(() => inner.Use(router));
        Assert.Throws<ArgumentException>(() => inner.Use("/x", inner));
    }

    [Fact]
    public async Task A_request_that_makes_no_sense_is_the_fault_of_the_caller()
    {
        var router = new BusRouter(new RouterOptions { MaxPathLength = 20 }).Get("/*", Step("x"));

        Assert.Equal((414, "path-too-long"), (await router.DispatchAsync("GET", "/" + new string('a', 20))) is { Error: { } e } ? (e.Code, e.Error) : default);
        Assert.Equal((400, "bad-request"), (await router.DispatchAsync("GET", "/%2")) is { Error: { } f } ? (f.Code, f.Error) : default);
        await Assert.ThrowsAsync<ArgumentException>(() => router.DispatchAsync("GET IT", "/"));
        await Assert.ThrowsAsync<ArgumentException>(() => router.DispatchAsync("GET", "users"));
        Assert.Throws<ArgumentException>(() => router.Get("/x"));
        Assert.Throws<ArgumentException>(() => router.Use(new RouteHandlers()));
        Assert.Throws<ArgumentException>(() => router.Map("GET /", "/", new RouteHandlers { Step("x") }));
        Assert.Throws<ArgumentException>(() => new BusRouter(new RouterOptions { MaxPathLength = 0 }));
    }

    [Fact]
    public async Task Paths_and_queries_of_callers_are_encoded()
    {
        var router = new BusRouter().Get("/*rest", c => c.Response.SendAsync($"{c.Request.Params["rest"]} {c.Request.Query} {c.Request.Headers["X-Own"]}"));
        var options = new RouteOptions { Query = [new("a b", "c&d=ü"), new("a b", "2")], Headers = new BusHeaders { ["X-Own"] = "mine" } };

        Assert.Equal("ä\r\n/  q: 1; a b: c&d=ü; a b: 2 mine", (await router.DispatchAsync("GET", "/ä\r\n/ ?q=1", options)).Read<string>());
    }

    private static async Task<string> TextAsync(BusRouter router, string verb, string path) => (await router.DispatchAsync(verb, path).Guard()).Read<string>();

    private Func<RouteContext, ValueTask> Step(string name) => c =>
    {
        _trace.Add(name);
        return c.NextAsync();
    };
}
