using System.Globalization;
using System.Text;
using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Hosting;
using Bus.Core.Presence;
using Bus.Tests.Client;
using Bus.Transport.Connections;

namespace Bus.Tests.Transport.JsonLines;

/// <summary>Clients of JSON lines that send what is wrong, too much or only half, and that do not read.</summary>
public sealed class JsonHostileTests
{
    private const string Ping = """{"op":"ping"}""";
    private const string Pong = """{"op":"pong"}""";

    [Fact]
    public async Task A_bad_line_gets_an_error_and_the_connection_goes_on()
    {
        await using var bus = await JsonBus.StartAsync();
        await using var peer = await bus.ConnectAsync();
        (byte[] Line, string Code)[] cases =
        [
            ("{\"op\":\"ping\"\n"u8.ToArray(), "bad-json"), ("hello\n"u8.ToArray(), "bad-json"), ([.. "{\"op\":\""u8, 0xFF, .. "\"}\n"u8], "bad-utf8"), ("[]\n"u8.ToArray(), "bad-line"),
            ("{\"op\":\"fly\"}\n"u8.ToArray(), "unknown-op"), ("{\"op\":\"ping\",\"x\":1}\n"u8.ToArray(), "unknown-property"), (Encoding.ASCII.GetBytes(new string('[', 1000) + "\n"), "bad-line"),
            (Encoding.ASCII.GetBytes($"{{\"op\":\"pub\",\"topic\":\"a\",\"data\":{new string('[', 100_000)}\n"), "too-deep"),
        ];
        foreach (var (line, code) in cases)
        {
            await peer.SendRawAsync(line);
            Assert.StartsWith($"{{\"op\":\"error\",\"error\":{{\"code\":\"{code}\",\"message\":\"", await peer.LineAsync(), StringComparison.Ordinal);
        }

        // Empty lines are none, and a carriage return belongs to the end of a line.
        Assert.Equal(Pong, await peer.AskAsync("", "  ", Ping + "\r"));
        await using var topics = await bus.Local.OpenSubscriptionAsync<string>(">");
        Assert.Contains("payload-too-large", await peer.AskAsync($"{{\"op\":\"pub\",\"topic\":\"a\",\"text\":\"{new string('x', (1024 * 1024) + 1)}\"}}"), StringComparison.Ordinal);
        Assert.Contains("bad-value", await peer.AskAsync($"{{\"op\":\"pub\",\"topic\":\"{new string('x', 3000)}\",\"reply\":\"{new string('y', 3000)}\"}}"), StringComparison.Ordinal);
        Assert.Equal(Pong, await peer.AskAsync(Ping));
    }

    [Fact]
    public async Task A_line_that_is_too_long_ends_the_connection_with_the_reason()
    {
        await using var bus = await JsonBus.StartAsync(new ConnectionOptions { MaxJsonLine = 1000 });
        await using var watcher = await bus.Local.OpenSubscriptionAsync<PresenceEvent>("$BUS.EVENT.LEAVE.*");
        await using var peer = await bus.ConnectAsync();
        var longest = $"{{\"op\":\"pub\",\"topic\":\"a\",\"id\":1,\"text\":\"{new string('x', 1000 - 41)}\"}}";
        Assert.Equal(1000, longest.Length);
        Assert.Equal("""{"op":"ok","id":1,"reached":0}""", await peer.AskAsync(longest));
        // Without its end: that it is too long is known before.
        await peer.SendRawAsync(Encoding.ASCII.GetBytes(new string('x', 1002)));
        await peer.ExpectAsync("""{"op":"closed","error":{"code":"line-too-long","message":"The line is longer than the bus allows."}}""");
        await peer.ExpectEndAsync();
        Assert.Equal(LeaveReason.ProtocolError, (await watcher.TakeDataAsync(1))[0].Reason);
    }

    [Fact]
    public async Task Ten_thousand_operations_in_one_write_are_all_done_in_their_order()
    {
        const int Count = 10_000;
        await using var bus = await JsonBus.StartAsync();
        await using var heard = await bus.Local.OpenSubscriptionAsync<int>("n");
        await using var peer = await bus.ConnectAsync();
        var lines = string.Concat(Enumerable.Range(0, Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{{\"op\":\"pub\",\"topic\":\"n\",\"data\":{i},\"id\":{i}}}\n")));
        var sending = peer.SendRawAsync(Encoding.ASCII.GetBytes(lines));
        Assert.Equal(Enumerable.Range(0, Count), await heard.TakeDataAsync(Count));
        for (var i = 0; i < Count; i++) Assert.Equal($"{{\"op\":\"ok\",\"id\":{i},\"reached\":1}}", await peer.LineAsync());
        await sending;
    }

    [Fact]
    public async Task Who_does_not_read_its_errors_is_not_read_from_and_loses_none()
    {
        const int Count = 60_000;
        await using var bus = await JsonBus.StartAsync();
        await using var peer = await bus.ConnectAsync();
        await using var other = await bus.ConnectAsync();
        // Their errors are fifty times as much: what the bus keeps of them has an end.
        var sending = peer.SendRawAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("?\n", Count)) + Ping + "\n"));
        Assert.Equal(Pong, await other.AskAsync(Ping));
        for (var i = 0; i < Count; i++) Assert.Contains("bad-json", await peer.LineAsync(), StringComparison.Ordinal);
        await peer.ExpectAsync(Pong);
        await sending;
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_closed_with_the_reason_and_harms_nobody()
    {
        await using var bus = await JsonBus.StartAsync(new ConnectionOptions { MaxPayload = 8 * 1024, MaxPending = 128 * 1024, PublishWindow = 64 * 1024, StallBudget = TimeSpan.Zero, CloseGrace = TimeSpan.FromMinutes(10) });
        await using var stuck = await bus.ConnectAsync();
        await using var reader = await bus.ConnectAsync();
        await using var left = await bus.Local.OpenSubscriptionAsync<PresenceEvent>("$BUS.EVENT.LEAVE.*");
        await stuck.AskAsync("""{"op":"sub","topic":"stream","id":1}""");
        await reader.AskAsync("""{"op":"sub","topic":"stream","id":1}""");

        var payload = new string('p', 4000);
        // In step with the one that reads: it never has more to come than its buffers hold.
        for (var i = 0; i < 1000; i++)
        {
            await bus.Local.PublishAsync("stream", $"{i} {payload}");
            Assert.StartsWith($"{{\"op\":\"msg\",\"sub\":\"stream\",\"topic\":\"stream\",\"text\":\"{i} ppp", await reader.LineAsync(), StringComparison.Ordinal);
        }

        var next = 0;
        string? last = null;
        while (await stuck.NextAsync() is { } line)
        {
            if (line.StartsWith("{\"op\":\"msg\"", StringComparison.Ordinal)) Assert.StartsWith($"{{\"op\":\"msg\",\"sub\":\"stream\",\"topic\":\"stream\",\"text\":\"{next++} ppp", line, StringComparison.Ordinal);
            last = line;
        }

        Assert.Equal("""{"op":"closed","error":{"code":"slow-consumer","message":"You do not read what the bus sends as fast as it has to be sent."}}""", last);
        Assert.InRange(next, 1, 999);
        Assert.Equal(LeaveReason.SlowConsumer, (await left.TakeDataAsync(1))[0].Reason);
        Assert.Equal(Pong, await reader.AskAsync(Ping));
    }

    [Fact]
    public async Task The_last_line_needs_no_end_and_half_a_line_is_an_error()
    {
        await using var bus = await JsonBus.StartAsync();
        await using var whole = await bus.ConnectAsync();
        await whole.SendRawAsync("{\"op\":\"pub\",\"topic\":\"a\",\"id\":1}"u8.ToArray());
        whole.EndSending();
        await whole.ExpectAsync("""{"op":"ok","id":1,"reached":0}""");
        await whole.ExpectEndAsync();

        await using var half = await bus.ConnectAsync();
        await half.SendRawAsync("{\"op\":\"pub\",\"topic\":\"a\",\"id\":1,"u8.ToArray());
        half.EndSending();
        Assert.StartsWith("""{"op":"error","id":1,"error":{"code":"bad-json",""", await half.LineAsync(), StringComparison.Ordinal);
        await half.ExpectEndAsync();
    }

    [Fact]
    public async Task Who_has_said_all_still_hears_the_answers()
    {
        await using var bus = await JsonBus.StartAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = await bus.Local.RespondAsync<string, string>("slow", async (text, _, _) =>
        {
            asked.TrySetResult();
            await go.Task;
            return $"{text}!";
        });
        await using var peer = await bus.ConnectAsync();
        await peer.SendAsync("""{"op":"request","topic":"slow","text":"hi","timeout":60000}""");
        peer.EndSending();
        await asked.Task.Guard();
        go.SetResult();
        await peer.ExpectAsync("""{"op":"reply","text":"hi!"}""");
        await peer.ExpectEndAsync();
        await Processes.Eventually.HoldsAsync(async () => (await bus.ClientsAsync()).Count == 0, () => "It has left.");
    }

    [Fact]
    public async Task A_client_that_dies_is_gone_at_once()
    {
        await using var bus = await JsonBus.StartAsync();
        await using var left = await bus.Local.OpenSubscriptionAsync<PresenceEvent>("$BUS.EVENT.LEAVE.*");
        await using (var peer = await bus.ConnectAsync()) await peer.AskAsync("""{"op":"connect","name":"x"}""");
        var happened = (await left.TakeDataAsync(1))[0];
        Assert.Equal(("x", LeaveReason.Lost), (happened.Client.Name, happened.Reason));
    }

    [Fact]
    public async Task More_connections_than_allowed_are_refused_in_a_line()
    {
        await using var bus = await JsonBus.StartAsync(new ConnectionOptions { MaxConnections = 1 });
        await using var first = await bus.ConnectAsync();
        await first.AskAsync(Ping);
        await using var second = await bus.ConnectAsync();
        await second.ExpectAsync("""{"op":"closed","error":{"code":"too-many-connections","message":"The bus has as many connections as it may. Try again later."}}""");
        await second.ExpectEndAsync();
    }

    [Fact]
    public async Task Only_those_are_let_in_who_show_what_they_have_to()
    {
        await using var bus = await JsonBus.StartAsync(new ConnectionOptions { Authenticate = (request, _) => new(request.Token == "secret" ? ConnectDecision.Allow : ConnectDecision.Refuse("The token is wrong.")) });
        await using var good = await bus.ConnectAsync();
        Assert.StartsWith("""{"op":"connected",""", await good.AskAsync("""{"op":"connect","token":"secret"}"""), StringComparison.Ordinal);
        await using var wrong = await bus.ConnectAsync();
        Assert.Equal("""{"op":"closed","error":{"code":"not-authorized","message":"The token is wrong."}}""", await wrong.AskAsync("""{"op":"connect","token":"guess"}"""));
        await wrong.ExpectEndAsync();
        await using var silent = await bus.ConnectAsync();
        Assert.StartsWith("""{"op":"closed","error":{"code":"not-authorized",""", await silent.AskAsync(Ping), StringComparison.Ordinal);
        await silent.ExpectEndAsync();
    }

    [Fact]
    public async Task A_name_is_had_by_one()
    {
        await using var bus = await JsonBus.StartAsync();
        await using var first = await bus.ConnectAsync();
        await first.AskAsync("""{"op":"connect","name":"x"}""");
        await using var second = await bus.ConnectAsync();
        Assert.StartsWith("""{"op":"closed","error":{"code":"name-taken","message":"The name is somebody else's: x is process""", await second.AskAsync("""{"op":"connect","name":"x"}"""), StringComparison.Ordinal);
        await using var third = await bus.ConnectAsync();
        Assert.StartsWith("""{"op":"connected","name":"x",""", await third.AskAsync("""{"op":"connect","name":"x","takeOver":true}"""), StringComparison.Ordinal);
        Assert.StartsWith("""{"op":"closed","error":{"code":"name-taken-over",""", await first.LineAsync(), StringComparison.Ordinal);
        await first.ExpectEndAsync();
        await using var odd = await bus.ConnectAsync();
        Assert.Contains("bad-name", await odd.AskAsync("""{"op":"connect","name":"a.b"}"""), StringComparison.Ordinal);
        Assert.StartsWith("""{"op":"connected","name":"y",""", await odd.AskAsync("""{"op":"connect","name":"y"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bus_that_stops_says_so()
    {
        var bus = await JsonBus.StartAsync();
        await using var peer = await bus.ConnectAsync();
        await peer.AskAsync(Ping);
        var stopping = bus.DisposeAsync();
        await peer.ExpectAsync("""{"op":"closing","error":{"code":"bus-stopping","message":"The bus stops."}}""");
        await peer.ExpectEndAsync();
        await peer.DisposeAsync();
        await stopping;
    }

    [Fact]
    public async Task What_a_topic_does_not_take_is_told()
    {
        await using var bus = await JsonBus.StartAsync(options: new IpcBusOptions { TopicCreation = TopicCreation.Declared });
        await using var peer = await bus.ConnectAsync();
        Assert.StartsWith("""{"op":"error","id":1,"sub":"a","error":{"code":"topic-undeclared",""", await peer.AskAsync("""{"op":"sub","topic":"a","id":1}"""), StringComparison.Ordinal);
        Assert.StartsWith("""{"op":"error","id":2,"error":{"code":"topic-undeclared",""", await peer.AskAsync("""{"op":"pub","topic":"a","id":2}"""), StringComparison.Ordinal);
        Assert.StartsWith("""{"op":"error","error":{"code":"topic-undeclared",""", await peer.AskAsync("""{"op":"pub","topic":"a"}"""), StringComparison.Ordinal);
        await bus.Local.CreateTopicAsync("a");
        Assert.Equal("""{"op":"ok","id":3,"sub":"a"}""", await peer.AskAsync("""{"op":"sub","topic":"a","id":3}"""));
        await bus.Local.DeleteTopicAsync("a");
        Assert.Equal("""{"op":"error","sub":"a","error":{"code":"topic-deleted","message":"The topic \"a\" was deleted."}}""", await peer.LineAsync());
        Assert.Contains("sub-unknown", await peer.AskAsync("""{"op":"unsub","sub":"a"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pings_are_answered_for_a_client_unless_it_wants_to_answer_them()
    {
        await using var bus = await JsonBus.StartAsync(new ConnectionOptions { PingInterval = TimeSpan.FromMilliseconds(100), MaxPingsOut = 2 });
        await using var script = await bus.ConnectAsync();
        await script.AskAsync(Ping);
        await using var strict = await bus.ConnectAsync();
        await strict.AskAsync("""{"op":"connect","name":"strict","pings":true}""");
        await strict.ExpectAsync(Ping);
        await strict.SendAsync(Pong);
        string? line;
        do line = await strict.LineAsync();
        while (line == Ping);
        Assert.StartsWith("""{"op":"closed","error":{"code":"stale",""", line, StringComparison.Ordinal);
        // The one that does not has said nothing for as long, and lives.
        Assert.Equal(Pong, await script.AskAsync(Ping));
        Assert.NotNull(Assert.Single(await bus.Local.PingAllAsync(), ping => ping.Name.StartsWith("client-", StringComparison.Ordinal)).Latency);
    }

    [Fact]
    public async Task A_client_of_this_library_is_told_that_it_dials_the_wrong_endpoint()
    {
        await using var bus = await JsonBus.StartAsync();
        var error = await Assert.ThrowsAnyAsync<BusException>(() => Bus.Transport.Client.BusClient.ConnectAsync(bus.Unix.ToString()).Guard());
        Assert.Contains("speaks JSON lines", error.Message, StringComparison.Ordinal);
    }
}
