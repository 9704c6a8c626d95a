using Bus.Core.Client;
using Bus.Core.Routes;
using Bus.Tests.Client;

namespace Bus.Tests.Core.Routes;

/// <summary>What becomes of a request whose handlers fail, or answer more than once.</summary>
public sealed class RouterErrorTests
{
    private readonly List<string> _trace = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_handler_throws_at_once_or_later_is_answered(bool isLate)
    {
        var router = new BusRouter()
            .Get("/throw", c => isLate ? LaterAsync(new InvalidOperationException("the disk is full")) : throw new InvalidOperationException("the disk is full"))
            .Get("/chosen", c => isLate ? LaterAsync(new RemoteErrorException("no", 403, "forbidden", "why")) : throw new RemoteErrorException("no", 403, "forbidden", "why"))
            .Get("/next", c => c.NextAsync(new InvalidOperationException("given")), Step("never"))
            .Post("/body", c => c.Response.SendAsync(c.Request.Body<Order>()));

        Assert.Equal((500, "handler-failed", "the disk is full", null), Told(await router.DispatchAsync("GET", "/throw").Guard()));
        Assert.Equal((403, "forbidden", "no", "why"), Told(await router.DispatchAsync("GET", "/chosen").Guard()));
        Assert.Equal((500, "handler-failed", "given", null), Told(await router.DispatchAsync("GET", "/next").Guard()));
        Assert.Equal((400, "bad-request"), (await router.DispatchAsync("POST", "/body", "no JSON").Guard()) is { Error: { } e } ? (e.Code, e.Error) : default);
        Assert.Empty(_trace);
    }

    [Fact]
    public async Task Errors_travel_outwards_and_any_handler_may_answer_or_go_on()
    {
        var router = new BusRouter()
            .Use((c, e) => OnAsync(c, e, "app"))
            .Use("/a", (c, e) => OnAsync(c, e, "path"))
            .Use("/b", (c, e) => OnAsync(c, e, "other path"))
            .Use("/a", new BusRouter()
                .Use((c, e) => OnAsync(c, e, "nested app"))
                .Get("/:id", new RouteHandlers { (c, e) => OnAsync(c, e, $"route {c.Request.Params["id"]}"), _ => throw new InvalidOperationException("1"), Step("skipped") }));

        var answer = await router.DispatchAsync("GET", "/a/7").Guard();

        Assert.Equal(["route 7: 1", "nested app: 1", "path: 1", "app: 1"], _trace);
        Assert.Equal((500, "handler-failed", "1", null), Told(answer));
    }

    [Fact]
    public async Task An_error_handler_may_answer_give_another_error_throw_or_have_the_rest_go_on()
    {
        var router = new BusRouter()
            .Use("/answer", (c, e) => c.Response.SendAsync($"saved: {e.Message}"))
            .Use("/other", (c, e) => c.NextAsync(new RemoteErrorException("other", 418)))
            .Use("/throws", (c, e) => throw new InvalidOperationException("worse"))
            .Use("/on", (c, e) => c.NextAsync())
            .Get("/*", _ => throw new InvalidOperationException("bad"), c => c.Response.SendAsync("went on"));

        Assert.Equal("saved: bad", await TextAsync(router, "GET", "/answer"));
        Assert.Equal("went on", await TextAsync(router, "GET", "/on"));
        Assert.Equal((418, null, "other", null), Told(await router.DispatchAsync("GET", "/other")));
        Assert.Equal((500, "handler-failed", "worse", null), Told(await router.DispatchAsync("GET", "/throws")));
    }

    [Fact]
    public async Task A_request_has_one_answer()
    {
        Exception? thrown = null;
        var router = new BusRouter()
            .Use((_, e) =>
            {
                thrown = e;
                return default;
            })
            .Get("/twice", async c =>
            {
                await c.Response.SendAsync("first");
                Assert.True(c.Response.IsSent);
                await c.Response.SendAsync("second");
            })
            .Get("/then-fails", async c =>
            {
                await c.Response.SendAsync("first");
                await c.Response.FailAsync(500, "second");
            });

        Assert.Equal("first", await TextAsync(router, "GET", "/twice"));
        Assert.Contains("GET /twice was answered already", Assert.IsType<AlreadySentException>(thrown).Message, StringComparison.Ordinal);
        Assert.Equal("first", await TextAsync(router, "GET", "/then-fails"));
        Assert.Contains("GET /then-fails", Assert.IsType<AlreadySentException>(thrown).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_written_leaves_room_for_another()
    {
        var router = new BusRouter().Get("/", async c =>
        {
            await Assert.ThrowsAsync<PayloadFormatException>(async () => await c.Response.SendAsync<Func<int>>(() => 1));
            await c.Response.SendAsync("fine");
        });

        Assert.Equal("fine", await TextAsync(router, "GET", "/"));
    }

    private static async ValueTask LaterAsync(Exception error)
    {
        await Task.Yield();
        throw error;
    }

    private static (int, string?, string, string?) Told(RouteAnswer answer) => answer.Error is { } e ? (e.Code, e.Error, e.Text, e.Detail) : default;

    private static async Task<string> TextAsync(BusRouter router, string verb, string path) => (await router.DispatchAsync(verb, path).Guard()).Read<string>();

    private Func<RouteContext, ValueTask> Step(string name) => c =>
    {
        _trace.Add(name);
        return c.NextAsync();
    };

    private ValueTask OnAsync(RouteContext context, Exception error, string name)
    {
        _trace.Add($"{name}: {error.Message}");
        return name == "path" ? default : context.NextAsync(error);
    }
}
