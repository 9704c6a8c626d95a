using System.Globalization;
using System.Text.Json;
using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Rpc;
using Bus.Tests.Client;
using Bus.Tests.Transport.Connections;
using Bus.Tests.Transport.JsonLines;
using Bus.Transport.Client;

namespace Bus.Tests.Rpc;

/// <summary>Whatever goes wrong at a service has an error of its own also for a caller without this library, at once: what <see cref="ServiceErrorContract{TFixture}"/> is for those with it.</summary>
public abstract class ForeignCallerContract : IAsyncLifetime
{
    private JsonBus _bus = null!;

    internal JsonBus Bus => _bus;

    public async Task InitializeAsync() => _bus = await JsonBus.StartAsync();

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Fact]
    public async Task A_handler_that_throws_or_does_not_understand_the_request()
    {
        await using var service = await _bus.Local.ServeAsync("work", s => s
            .Endpoint<int, int>("throw", int (n, _) => n == 0 ? throw new InvalidOperationException("no zero") : throw new RemoteErrorException("not today", 423, "closed-today"))
            .Chain<int, int>("pass", options: null, (_, _) => new(Handled.Pass<int>()))).Guard();

        await FailsAsync(BusErrors.HandlerFailed, 500, "no zero", AskAsync("work.throw", "0"));
        await FailsAsync("closed-today", 423, "not today", AskAsync("work.throw", "1"));
        await FailsAsync(BusErrors.BadRequest, 400, "cannot be read", AskAsync("work.throw", "\"zero\""));
        await FailsAsync(BusErrors.NotHandled, 404, "", AskAsync("work.pass", "1"));
    }

    [Fact]
    public async Task A_codec_that_it_does_not_know()
    {
        await using var service = await _bus.Local.ServeAsync("work", s => s.Endpoint<int, int>("do", (n, _) => n)).Guard();

        await FailsAsync(BusErrors.UnsupportedContentType, 415, "application/x-unheard-of", AskAsync("work.do", "1", ("Content-Type", "application/x-unheard-of")));
        await FailsAsync(BusErrors.UnsupportedContentType, 415, "zip-drive", AskAsync("work.do", "1", ("Content-Encoding", "zip-drive")));
    }

    [Fact]
    public async Task A_handler_that_hangs()
    {
        await using var service = await _bus.Local.ServeAsync("work", s => s
            .Endpoint<int, int>("hang", Forever, new MethodOptions { Timeout = TimeSpan.FromMilliseconds(20) })
            .Endpoint<int, int>("long", Forever)).Guard();

        await FailsAsync(BusErrors.Timeout, 504, "0.02 s at most", AskAsync("work.hang", "1"));
        var soon = TimeProvider.System.GetUtcNow().AddMilliseconds(20).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        await FailsAsync(BusErrors.DeadlineExceeded, 504, "time", AskAsync("work.long", "1", ("Bus-Deadline", soon)));
    }

    [Fact]
    public async Task A_service_that_dies_or_is_stopped()
    {
        var begun = new SemaphoreSlim(0);
        await using var server = await BusClient.ConnectAsync(_bus.Nats);
        await using var dying = await server.ServeAsync("work", s => s.Endpoint<int, int>("die", Hang)).Guard();
        var stopping = await _bus.Local.ServeAsync("other", s => s.Endpoint<int, int>("stop", Hang)).Guard();

        var lost = AskAsync("work.die", "1");
        await begun.WaitAsync().Guard();
        await server.AbortAsync();
        await FailsAsync(BusErrors.ResponderLost, StatusOfBus, "", lost);

        var stopped = AskAsync("other.stop", "1");
        await begun.WaitAsync().Guard();
        await stopping.DisposeAsync().AsTask().Guard();
        await FailsAsync(BusErrors.Cancelled, 499, "cancelled", stopped);

        ValueTask<int> Hang(int n, CallContext context)
        {
            begun.Release();
            return Forever(n, context);
        }
    }

    [Fact]
    public async Task An_answer_that_is_too_large_or_cannot_be_written()
    {
        await using var service = await _bus.Local.ServeAsync("work", s => s
            .Endpoint<int, byte[]>("large", (n, _) => new byte[n])
            .Endpoint<int, Func<int>>("odd", (n, _) => () => n)).Guard();

        await FailsAsync(BusErrors.PayloadTooLarge, 500, "this bus allows", AskAsync("work.large", (_bus.Local.MaxPayload + 1).ToString(CultureInfo.InvariantCulture)));
        await FailsAsync(BusErrors.PayloadFormat, 500, "cannot be serialized", AskAsync("work.odd", "1"));
    }

    [Fact]
    public async Task A_handler_that_answers_twice_has_answered_once()
    {
        await using var service = await _bus.Local.ServeAsync("work", s => s.Endpoint<int, int>("twice", async (n, context) =>
        {
            await context.Message.ReplyAsync(n);
            return n + 1;
        })).Guard();

        Assert.Equal(["7"], await AnswersAsync("work.twice", "7"));
    }

    [Fact]
    public async Task A_service_that_has_no_place_for_the_call()
    {
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var service = await _bus.Local.ServeAsync("work", s => s.Endpoint<int, int>("do", async (n, _) =>
        {
            begun.SetResult();
            await go.Task;
            return n;
        }), new ServiceOptions { MaxConcurrency = 1, MaxWaiting = 0 }).Guard();
        var first = _bus.Local.CallAsync<int, int>("work", "do", 1);
        await begun.Task.Guard();

        await FailsAsync(BusErrors.Overloaded, 429, "1 calls", AskAsync("work.do", "2"));
        go.SetResult();
        Assert.Equal(1, await first.Guard());
    }

    /// <summary>The status of what the bus itself says. 0: it comes without.</summary>
    protected abstract int StatusOfBus { get; }

    /// <summary>Requests, and gives the error that comes.</summary>
    internal abstract Task<Failure> AskAsync(string topic, string json, params (string Name, string Value)[] headers);

    /// <summary>Requests, and gives all payloads that come, until the bus has said that nothing is on its way.</summary>
    protected abstract Task<IReadOnlyList<string>> AnswersAsync(string topic, string json);

    private static async ValueTask<int> Forever(int n, CallContext context)
    {
        await new TaskCompletionSource().Task;
        return n;
    }

    private static async Task FailsAsync(string code, int status, string text, Task<Failure> asking)
    {
        var failure = await asking.Guard();
        Assert.Equal((code, status), (failure.Code, failure.Status));
        Assert.Contains(text, failure.Text, StringComparison.Ordinal);
    }

    internal sealed record Failure(string Code, int Status, string Text);
}

/// <summary>A caller that speaks the NATS protocol byte by byte.</summary>
public abstract class NatsCallerContract : ForeignCallerContract
{
    /// <summary>What it puts before the topic of a method.</summary>
    protected virtual string Prefix => "";

    /// <summary>With this header the bus tells it, too, when whoever has its request is gone.</summary>
    private protected virtual (string Name, string Value)[] Marks => [("Bus-Request", "1")];

    internal override async Task<Failure> AskAsync(string topic, string json, params (string Name, string Value)[] headers)
    {
        using var caller = await RawClient.ConnectAsync(Bus.Nats);
        await caller.SendAsync(Request(topic, json, [.. headers, .. Marks]));
        Assert.StartsWith("HMSG _INBOX.me.1 1 ", await caller.TakeUntilAsync("\r\n"), StringComparison.Ordinal);
        var lines = (await caller.TakeUntilAsync("\r\n\r\n")).Split("\r\n");
        var answer = lines[1..].Select(line => line.Split(": ", 2)).ToDictionary(line => line[0], line => line[1], StringComparer.Ordinal);
        // The bus answers with a status, and a responder with headers.
        var status = answer.GetValueOrDefault("Nats-Service-Error-Code") ?? lines[0]["NATS/1.0 ".Length..].Split(' ')[0];
        return new Failure(answer.GetValueOrDefault("Bus-Error", ""), int.Parse(status, CultureInfo.InvariantCulture), answer.GetValueOrDefault("Nats-Service-Error", ""));
    }

    protected override async Task<IReadOnlyList<string>> AnswersAsync(string topic, string json)
    {
        using var caller = await RawClient.ConnectAsync(Bus.Nats);
        await caller.SendAsync(Request(topic, json, []));
        var head = await caller.TakeUntilAsync("\r\n");
        Assert.StartsWith("MSG _INBOX.me.1 1 ", head, StringComparison.Ordinal);
        var first = await caller.TakeUntilAsync("\r\n");
        var rest = await caller.FlushAsync();
        return rest.Length == 0 ? [first] : [first, rest];
    }

    private string Request(string topic, string json, (string Name, string Value)[] headers)
    {
        var block = $"NATS/1.0\r\n{string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\r\n"))}\r\n";
        return $"SUB _INBOX.me.1 1\r\nHPUB {Prefix}{topic} _INBOX.me.1 {block.Length} {block.Length + json.Length}\r\n{block}{json}\r\n";
    }
}

/// <summary>It asks on the topic of the method.</summary>
public sealed class NatsCallerTests : NatsCallerContract
{
    protected override int StatusOfBus => 503;

    /// <summary>The convention has nothing better, and its libraries look at nothing but the status.</summary>
    [Fact]
    public async Task An_unknown_service_or_method_has_no_responders()
    {
        await using var service = await Bus.Local.ServeAsync("work", s => s.Endpoint<int, int>("do", (n, _) => n)).Guard();

        Assert.Equal(new Failure("", 503, ""), await AskAsync("none.do", "1").Guard());
        Assert.Equal(new Failure("", 503, ""), await AskAsync("work.none", "1").Guard());
    }
}

/// <summary>A caller that speaks JSON lines.</summary>
public sealed class JsonCallerTests : ForeignCallerContract
{
    protected override int StatusOfBus => 0;

    [Fact]
    public async Task The_time_that_it_waits_is_its_own()
    {
        await using var responder = await Bus.Local.OpenSubscriptionAsync<string>("work.do").Guard();

        var failure = Read(await RequestAsync("work.do", "1", """, "timeout":20"""));

        Assert.Equal(new Failure(BusErrors.Timeout, 0, "No answer came from 'work.do' within 20 ms."), failure);
    }

    internal override async Task<Failure> AskAsync(string topic, string json, params (string Name, string Value)[] headers) =>
        Read(await RequestAsync(topic, json, $", \"timeout\":60000, \"headers\":{{{string.Join(',', headers.Select(header => $"\"{header.Name}\":\"{header.Value}\""))}}}"));

    protected override async Task<IReadOnlyList<string>> AnswersAsync(string topic, string json)
    {
        await using var caller = await Bus.ConnectAsync();
        var answers = new List<string> { JsonDocument.Parse(await caller.AskAsync($$"""{"op":"request","topic":"{{topic}}","data":{{json}},"id":1}""")).RootElement.GetProperty("data").GetRawText() };
        var next = await caller.AskAsync("""{"op":"ping"}""");
        if (next != """{"op":"pong"}""") answers.Add(next);
        return answers;
    }

    private static Failure Read(string line)
    {
        var answer = JsonDocument.Parse(line).RootElement;
        Assert.Equal("error", answer.GetProperty("op").GetString());
        var error = answer.GetProperty("error");
        return new Failure(error.GetProperty("code").GetString()!, error.TryGetProperty("status", out var status) ? status.GetInt32() : 0, error.GetProperty("message").GetString()!);
    }

    private async Task<string> RequestAsync(string topic, string json, string more)
    {
        await using var caller = await Bus.ConnectAsync();
        return await caller.AskAsync($$"""{"op":"request","topic":"{{topic}}","data":{{json}},"id":1{{more}}}""");
    }
}
