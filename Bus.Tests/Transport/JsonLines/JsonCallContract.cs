using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Rpc;
using Bus.Tests.Client;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.JsonLines;

/// <summary>Calls of services by clients of JSON lines, and what becomes of those that go wrong.</summary>
public abstract class JsonCallContract(BusScheme over) : IAsyncLifetime
{
    private JsonBus _bus = null!;
    private JsonPeer _peer = null!;

    public async Task InitializeAsync()
    {
        _bus = await JsonBus.StartAsync();
        _peer = await _bus.ConnectAsync(over);
    }

    public async Task DisposeAsync()
    {
        await _peer.DisposeAsync();
        await _bus.DisposeAsync();
    }

    [Fact]
    public async Task A_call_is_answered_with_the_value()
    {
        CallContext? seen = null;
        await using var service = await ServeAsync(s => s
            .Endpoint<int, string>("get", (id, _) => $"user {id}")
            .Endpoint<byte[], byte[]>("copy", (bytes, context) =>
            {
                seen = context;
                return bytes;
            }));

        // The first that it says: by it the bus learns of the client.
        Assert.Equal("""{"op":"reply","id":1,"text":"user 42"}""", await AskAsync("get", ""","data":42,"id":1"""));
        Assert.Equal("""{"op":"reply","id":[2],"data":{"a":1}}""", await AskAsync("copy", ""","text":"{\"a\":1}","id":[2]"""));
        Assert.Equal("""{"op":"reply","base64":"/wA="}""", await AskAsync("copy", ""","base64":"/wA=","headers":{"Mine":"x"},"timeout":60000"""));
        Assert.Equal("""{"op":"reply","id":3,"text":"7"}""", await AskAsync("copy", $$""","data":7,"instance":"{{service.Id}}","as":"text","id":3"""));
        Assert.Equal(("work", 1, Assert.Single(await _bus.ClientsAsync()).Name), (seen!.Service, seen.Depth, seen.Caller));
        Assert.InRange(seen.Deadline!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(-60), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task What_is_not_there_is_told_with_what_there_is()
    {
        await using var service = await ServeAsync(s => s.Endpoint<int, int>("slow", (n, _) => n).Endpoint<int, int>("fast", (n, _) => n));
        await using var other = await _bus.Local.ServeAsync("orders", s => s.Endpoint<int, int>("get", (n, _) => n));

        Assert.Equal("""{"op":"error","id":1,"error":{"code":"service-not-found","message":"No service 'wrok' is on the bus: start it, or check the name. There are: orders, work.","available":["orders","work"]}}""", await _peer.AskAsync("""{"op":"call","service":"wrok","method":"fast","id":1}"""));
        Assert.Equal("""{"op":"error","id":2,"error":{"code":"method-not-found","message":"The service 'work' has no method 'quick'. There are: fast, slow.","available":["fast","slow"]}}""", await AskAsync("quick", ""","id":2"""));
        Assert.StartsWith("""{"op":"error","id":3,"error":{"code":"service-not-found","message":"No service 'work (instance gone)' is on the bus""", await AskAsync("fast", ""","instance":"gone","id":3"""), StringComparison.Ordinal);
        Assert.StartsWith("""{"op":"error","id":4,"error":{"code":"bad-value","message":"'a.b' cannot be the name of a service""", await _peer.AskAsync("""{"op":"call","service":"a.b","method":"x","id":4}"""), StringComparison.Ordinal);

        // Many at a time are one question.
        await _peer.SendAsync([.. Enumerable.Range(0, 100).Select(i => $$"""{"op":"call","service":"work","method":"m","id":{{i}}}""")]);
        for (var i = 0; i < 100; i++) Assert.Contains("method-not-found", await _peer.LineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_throws_or_is_not_understood_or_answers_too_much()
    {
        await using var service = await ServeAsync(s => s
            .Endpoint<int, byte[]>("bytes", (n, _) => n < 0 ? throw new InvalidOperationException("no such number") : new byte[n])
            .Endpoint<int, int>("chosen", int (n, _) => throw new RemoteErrorException("not today", 423, "closed-today", "come back tomorrow")));

        Assert.Equal("""{"op":"error","id":1,"error":{"code":"handler-failed","message":"no such number","status":500}}""", await AskAsync("bytes", ""","data":-1,"id":1"""));
        Assert.Equal("""{"op":"error","id":2,"error":{"code":"closed-today","message":"not today","status":423},"text":"come back tomorrow"}""", await AskAsync("chosen", ""","data":1,"id":2"""));
        await FailsAsync("bad-request", "bytes", ""","data":"seven","id":3""");
        await FailsAsync("unsupported-content-type", "bytes", ""","data":1,"headers":{"Content-Type":"application/x-unheard-of"},"id":3""");
        await FailsAsync("payload-too-large", "bytes", $$""","data":{{_bus.Local.MaxPayload + 1}},"id":3""");
        await FailsAsync("payload-too-large", "bytes", $$""","text":"{{new string('x', _bus.Local.MaxPayload + 1)}}","id":3""");
    }

    [Fact]
    public async Task A_handler_that_answers_twice_has_answered_once()
    {
        await using var service = await ServeAsync(s => s.Endpoint<int, int>("twice", async (n, context) =>
        {
            await context.Message.ReplyAsync(n);
            return n + 1;
        }));

        Assert.Equal("""{"op":"reply","id":1,"data":1}""", await AskAsync("twice", ""","data":1,"id":1"""));
        Assert.Equal("""{"op":"reply","id":2,"data":5}""", await AskAsync("twice", ""","data":5,"id":2"""));
    }

    [Fact]
    public async Task A_handler_that_hangs_is_told_when_the_time_is_up()
    {
        await using var work = await WaitingAsync();
        Assert.Equal("""{"op":"error","id":1,"error":{"code":"timeout","message":"No answer came from 'work.wait' within 100 ms."}}""", await AskAsync("wait", ""","timeout":100,"id":1"""));
        await work.Cancelled.Guard();
    }

    [Fact]
    public async Task A_service_with_no_place_left_says_so_and_one_that_dies_is_missed()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var dying = await BusClient.ConnectAsync(_bus.Nats.ToString());
        await using var service = await dying.ServeAsync("work", s => s.Endpoint<int, int>("wait", async (n, context) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            return n;
        }), new ServiceOptions { MaxConcurrency = 1, MaxWaiting = 0 });

        await _peer.SendAsync(Line("wait", ""","data":1,"timeout":3600000,"id":1"""));
        await begun.Task.Guard();
        await FailsAsync("overloaded", "wait", ""","data":1,"id":3""");
        await dying.AbortAsync();
        await _peer.ExpectAsync("""{"op":"error","id":1,"error":{"code":"responder-lost","message":"The responder on 'work.wait' went away before it answered."}}""");
    }

    [Fact]
    public async Task Cancelling_ends_what_was_asked_and_cancels_the_token_of_the_service()
    {
        await using var work = await WaitingAsync();
        await _peer.SendAsync(Line("wait", ""","timeout":3600000,"id":"a" """));
        await work.Begun.Guard();
        Assert.Equal("""{"op":"error","id":"a","error":{"code":"cancelled","message":"What was asked of 'work.wait' was cancelled by 'cancel'."}}""", await _peer.AskAsync("""{"op":"cancel","id":"a"}"""));
        await work.Cancelled.Guard();

        await using var silent = await _bus.Local.OpenSubscriptionAsync<string>("silent");
        await _peer.SendAsync("""{"op":"request","topic":"silent","timeout":3600000,"id":2}""");
        Assert.Contains("\"code\":\"cancelled\"", await _peer.AskAsync("""{"op":"cancel","id":2}"""), StringComparison.Ordinal);
        // What has ended, or never was, may be cancelled.
        Assert.Equal("""{"op":"pong"}""", await _peer.AskAsync("""{"op":"cancel","id":2}""", """{"op":"cancel","id":99}""", """{"op":"ping"}"""));
    }

    [Fact]
    public async Task The_end_of_the_connection_cancels_the_token_of_the_service()
    {
        await using var work = await WaitingAsync();
        await _peer.SendAsync(Line("wait", ""","timeout":3600000,"id":1"""));
        await work.Begun.Guard();
        await _peer.DisposeAsync();
        await work.Cancelled.Guard();
    }

    [Fact]
    public async Task Who_has_said_all_hears_the_answer_late_and_who_dies_then_is_found_to_be_gone()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (await ServeAsync(s => s.Endpoint<int, int>("wait", async (n, _) =>
        {
            await go.Task;
            return n + 1;
        })))
        {
            await using var patient = await _bus.ConnectAsync(over);
            if (patient.Socket is null) return;
            await patient.SendRawAsync(System.Text.Encoding.ASCII.GetBytes(Line("wait", ""","data":1,"timeout":3600000""")));
            patient.EndSending();
            // The blank by which the bus finds out whether it is still there.
            Assert.Equal(1, await patient.Socket!.ReceiveAsync(new byte[1], System.Net.Sockets.SocketFlags.Peek).Guard());
            go.SetResult();
            await patient.ExpectAsync("""{"op":"reply","data":2}""");
            await patient.ExpectEndAsync();
        }

        await using var work = await WaitingAsync();
        await _peer.SendRawAsync(System.Text.Encoding.ASCII.GetBytes(Line("wait", ""","timeout":3600000""")));
        _peer.EndSending();
        await work.Begun.Guard();
        await _peer.DisposeAsync();
        await work.Cancelled.Guard();
    }

    private static string Line(string method, string rest) => $$"""{"op":"call","service":"work","method":"{{method}}"{{rest}}}""";

    private Task<string> AskAsync(string method, string rest) => _peer.AskAsync(Line(method, rest));

    private async Task FailsAsync(string code, string method, string rest) =>
        Assert.StartsWith($$"""{"op":"error","id":3,"error":{"code":"{{code}}","message":""", await AskAsync(method, rest), StringComparison.Ordinal);

    private Task<IBusService> ServeAsync(Action<ServiceBuilder> methods) => _bus.Local.ServeAsync("work", methods);

    private async Task<WaitingService> WaitingAsync()
    {
        var waiting = new WaitingService();
        waiting.Service = await ServeAsync(s => s.Endpoint<string, string>("wait", waiting.WaitAsync));
        return waiting;
    }

    /// <summary>A service whose method ends with its token.</summary>
    private sealed class WaitingService : IAsyncDisposable
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IBusService? Service { get; set; }

        public Task Begun => _begun.Task;

        public Task Cancelled => _cancelled.Task;

        public async ValueTask<string> WaitAsync(string request, CallContext context)
        {
            _begun.TrySetResult();
            context.CancellationToken.Register(() => _cancelled.TrySetResult());
            await _cancelled.Task;
            context.CancellationToken.ThrowIfCancellationRequested();
            return request;
        }

        public ValueTask DisposeAsync() => Service!.DisposeAsync();
    }
}

public sealed class UnixJsonCallTests() : JsonCallContract(BusScheme.Unix);

public sealed class TcpJsonCallTests() : JsonCallContract(BusScheme.Tcp);

public sealed class PipeJsonCallTests() : JsonCallContract(BusScheme.Pipe);
