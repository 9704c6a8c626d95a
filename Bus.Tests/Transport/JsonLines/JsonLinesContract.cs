using System.Text;
using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Tests.Client;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.JsonLines;

/// <summary>What a client of JSON lines can do, over every kind of endpoint.</summary>
public abstract class JsonLinesContract(BusScheme over) : IAsyncLifetime
{
    private JsonBus _bus = null!;

    public async Task InitializeAsync() => _bus = await JsonBus.StartAsync();

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    private Task<JsonPeer> ConnectAsync() => _bus.ConnectAsync(over);

    [Fact]
    public async Task A_client_introduces_itself_or_not()
    {
        await using var named = await ConnectAsync();
        Assert.StartsWith("""{"op":"connected","id":1,"name":"orders","server":"ipcbus","version":""", await named.AskAsync("""{"op":"connect","name":"orders","program":"shop.sh","id":1}"""), StringComparison.Ordinal);
        await using var other = await ConnectAsync();
        Assert.Equal("""{"op":"pong","id":"x"}""", await other.AskAsync("""{"op":"ping","id":"x"}"""));

        var clients = await _bus.ClientsAsync();
        Assert.Equal(2, clients.Count);
        var known = Assert.Single(clients, client => client.Name == "orders");
        Assert.Equal("shop.sh", known.Program);
        // Who is at the other end the kernel says, as for every client.
        if (over != BusScheme.Tcp && OperatingSystem.IsLinux()) Assert.All(clients, client => Assert.Equal(Environment.ProcessId, client.Pid));
        else if (over == BusScheme.Tcp) Assert.All(clients, client => Assert.Equal((null, null), (client.Pid, client.Uid)));
        Assert.StartsWith("""{"op":"error","error":{"code":"already-connected",""", await other.AskAsync("""{"op":"connect","name":"late"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_go_both_ways_between_lines_and_every_other_client()
    {
        await using var peer = await ConnectAsync();
        Assert.Equal("""{"op":"ok","id":1,"sub":"orders.*"}""", await peer.AskAsync("""{"op":"sub","topic":"orders.*","id":1}"""));
        await using var remote = await Bus.Transport.Client.BusClient.ConnectAsync(_bus.Nats.ToString());
        await using var heard = await _bus.Local.OpenSubscriptionAsync<string>("orders.*");

        await remote.PublishAsync("orders.new", new { Number = 1, Note = "a\nb" });
        await peer.ExpectAsync("""{"op":"msg","sub":"orders.*","topic":"orders.new","data":{"number":1,"note":"a\nb"}}""");

        Assert.Equal("""{"op":"msg","sub":"orders.*","topic":"orders.paid","data":{"x" : [1, "é"]}}""", await peer.AskAsync("""{"op":"pub","topic":"orders.paid","data":{"x" : [1, "é"]}}"""));
        var data = await heard.TakeDataAsync(2);
        Assert.Equal("""{"x" : [1, "é"]}""", data[1]);
    }

    [Fact]
    public async Task A_payload_comes_in_the_form_that_fits_it()
    {
        await using var peer = await ConnectAsync();
        await peer.AskAsync("""{"op":"sub","topic":"auto","id":1}""");
        await peer.AskAsync("""{"op":"sub","topic":"text","as":"text","id":1}""");
        await peer.AskAsync("""{"op":"sub","topic":"bytes","as":"base64","id":1}""");
        (string Form, byte[] Payload, string Expected)[] cases =
        [
            ("auto", "{\r\n \"a\":1}"u8.ToArray(), ",\"data\":{   \"a\":1}"),
            ("auto", "-1e5"u8.ToArray(), ",\"data\":-1e5"),
            ("auto", "\"x\""u8.ToArray(), ",\"data\":\"x\""),
            ("auto", "{x}"u8.ToArray(), ",\"text\":\"{x}\""),
            ("auto", "01"u8.ToArray(), ",\"text\":\"01\""),
            ("auto", "a\n\0\"é"u8.ToArray(), ",\"text\":\"a\\n\\u0000\\\"é\""),
            ("auto", [0xFF, 0], ",\"base64\":\"/wA=\""),
            ("auto", [], ""),
            ("auto", Encoding.UTF8.GetBytes(new string('[', 64) + new string(']', 64)), $",\"text\":\"{new string('[', 64)}{new string(']', 64)}\""),
            ("text", "1"u8.ToArray(), ",\"text\":\"1\""),
            ("text", [], ",\"text\":\"\""),
            ("text", [0xC3], ",\"base64\":\"ww==\""),
            ("bytes", "a"u8.ToArray(), ",\"base64\":\"YQ==\""),
            ("bytes", [], ",\"base64\":\"\""),
        ];
        foreach (var (form, payload, expected) in cases)
        {
            await _bus.Local.PublishAsync(form, payload);
            await peer.ExpectAsync($"{{\"op\":\"msg\",\"sub\":\"{form}\",\"topic\":\"{form}\"{expected}}}");
        }
    }

    [Fact]
    public async Task A_payload_is_sent_in_any_form_and_with_headers()
    {
        await using var peer = await ConnectAsync();
        await using var heard = await _bus.Local.OpenSubscriptionAsync<byte[]>("t");
        await peer.SendAsync(
            """{"op":"pub","topic":"t","text":"a\né😀"}""",
            """{"op":"pub","topic":"t","base64":"/wA="}""",
            """{"op":"pub","topic":"t"}""",
            """{"op":"pub","topic":"t","data":null,"headers":{"A":"1","B":["2","3"]}}""");
        var messages = await heard.TakeAsync(4);
        Assert.Equal(["a\né😀", "\u00ff\0", "", "null"], messages.Select((m, i) => (i == 1 ? Encoding.Latin1 : Encoding.UTF8).GetString(m.Data)));
        Assert.Equal("A: 1; B: 2; B: 3", messages[3].Headers.ToString());

        await peer.AskAsync("""{"op":"sub","topic":"h","id":1}""");
        await _bus.Local.PublishAsync("h", "x", new PublishOptions { Headers = messages[3].Headers, ReplyTo = "back" });
        await peer.ExpectAsync("""{"op":"msg","sub":"h","topic":"h","reply":"back","headers":{"A":"1","B":["2","3"]},"text":"x"}""");
    }

    [Fact]
    public async Task An_id_asks_for_an_answer_and_the_answer_repeats_it()
    {
        await using var peer = await ConnectAsync();
        Assert.Equal("""{"op":"ok","id":{"a" : [1]},"reached":0}""", await peer.AskAsync("""{"op":"pub","topic":"t","id":{"a" : [1]}}"""));
        Assert.Equal("""{"op":"ok","id":null,"sub":"t"}""", await peer.AskAsync("""{"op":"sub","topic":"t","id":null}"""));
        await peer.SendAsync("""{"op":"pub","topic":"t","text":"x","confirm":true}""");
        Assert.Equal(["""{"op":"msg","sub":"t","topic":"t","text":"x"}""", """{"op":"ok","reached":1}"""], new[] { await peer.LineAsync(), await peer.LineAsync() }.Order());
        Assert.Equal("""{"op":"ok","id":1.0,"sub":"t"}""", await peer.AskAsync("""{"op":"unsub","sub":"t","id":1.0}"""));
        Assert.Equal("""{"op":"ok","id":"é","reached":0}""", await peer.AskAsync("""{"op":"pub","topic":"t","id":"é"}"""));
    }

    [Fact]
    public async Task Requests_are_made_and_answered()
    {
        await using var responder = await ConnectAsync();
        await using var asker = await ConnectAsync();
        await responder.AskAsync("""{"op":"sub","topic":"sum","queue":"q","id":0}""");

        await asker.SendAsync("""{"op":"request","topic":"sum","data":[1,2],"id":7}""");
        var request = await responder.LineAsync();
        Assert.StartsWith("""{"op":"msg","sub":"sum","topic":"sum","reply":"_INBOX.""", request, StringComparison.Ordinal);
        Assert.EndsWith("\",\"data\":[1,2]}", request, StringComparison.Ordinal);
        Assert.Equal("""{"op":"ok","id":1}""", await responder.AskAsync($$"""{"op":"reply","to":"{{ReplyOf(request)}}","data":3,"headers":{"A":"b"},"id":1}"""));
        await asker.ExpectAsync("""{"op":"reply","id":7,"headers":{"A":"b"},"data":3}""");

        var answer = _bus.Local.RequestAsync<string, string>("sum", "x");
        await responder.SendAsync($$"""{"op":"reply","to":"{{ReplyOf(await responder.LineAsync())}}","error":{"code":"no-number","message":"'x' is none","status":400},"text":"detail"}""");
        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => answer.Guard());
        Assert.Equal(("no-number", 400, "'x' is none", "detail"), (error.Error, error.Code, error.Text, error.Detail));
    }

    [Fact]
    public async Task A_request_that_fails_says_how()
    {
        await using var asker = await ConnectAsync();
        Assert.Equal("""{"op":"error","id":1,"error":{"code":"no-responders","message":"Nobody responds on 'none'."}}""", await asker.AskAsync("""{"op":"request","topic":"none","id":1}"""));

        await using (var responder = await ConnectAsync())
        {
            await responder.AskAsync("""{"op":"sub","topic":"slow","id":0}""");
            Assert.Equal("""{"op":"error","id":2,"error":{"code":"timeout","message":"No answer came from 'slow' within 50 ms."}}""", await asker.AskAsync("""{"op":"request","topic":"slow","timeout":50,"id":2}"""));
            await asker.SendAsync("""{"op":"request","topic":"slow","id":3}""");
            await responder.LineAsync();
            await responder.LineAsync();
        }

        await asker.ExpectAsync("""{"op":"error","id":3,"error":{"code":"responder-lost","message":"The responder on 'slow' went away before it answered."}}""");
        await using var service = await _bus.Local.RespondAsync<string, string>("bad", (_, _, _) => throw new RemoteErrorException("no such user", 404, "not-found"));
        Assert.Equal("""{"op":"error","id":4,"error":{"code":"not-found","message":"no such user","status":404}}""", await asker.AskAsync("""{"op":"request","topic":"bad","id":4}"""));
    }

    [Fact]
    public async Task Services_are_found_and_their_methods_called()
    {
        await using var service = await _bus.Local.ServeAsync("users", s => s.Endpoint<int, string>("get", (id, _) => id == 42 ? "Ann" : throw new RemoteErrorException($"There is no user {id}.", 404, "no-such-user")));
        await using var peer = await ConnectAsync();
        var list = await peer.AskAsync("""{"op":"services","id":1}""");
        Assert.StartsWith("""{"op":"reply","id":1,"data":{"count":1,"services":[{"name":"users",""", list, StringComparison.Ordinal);
        Assert.Equal("""{"op":"reply","id":2,"data":{"count":0,"services":[]}}""", await peer.AskAsync("""{"op":"services","name":"orders","id":2}"""));
        Assert.Equal("""{"op":"reply","id":3,"text":"Ann"}""", await peer.AskAsync("""{"op":"request","topic":"users.get","data":42,"id":3}"""));
        var error = await peer.AskAsync("""{"op":"request","topic":"users.get","data":7,"id":4}""");
        Assert.StartsWith("""{"op":"error","id":4,"error":{"code":"no-such-user","message":"There is no user 7.","status":404}""", error, StringComparison.Ordinal);
        Assert.StartsWith("""{"op":"error","id":5,"error":{"code":"bad-request",""", await peer.AskAsync("""{"op":"request","topic":"users.get","text":"x","id":5}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_go_to_one_client_by_name_and_to_all()
    {
        await using var ann = await ConnectAsync();
        await using var bob = await ConnectAsync();
        await ann.AskAsync("""{"op":"connect","name":"ann"}""");
        await bob.AskAsync("""{"op":"connect","name":"bob"}""");
        Assert.StartsWith("""{"op":"error","id":1,"error":{"code":"inbox-closed",""", await bob.AskAsync("""{"op":"send","to":"ann","text":"hi","id":1}"""), StringComparison.Ordinal);
        Assert.Equal("""{"op":"ok","id":1,"sub":"inbox"}""", await ann.AskAsync("""{"op":"inbox","id":1}"""));

        Assert.Equal("""{"op":"ok","id":2}""", await bob.AskAsync("""{"op":"send","to":"ann","topic":"jobs","text":"hi","id":2}"""));
        await ann.ExpectAsync("""{"op":"msg","sub":"inbox","topic":"$BUS.TO.ann.jobs","from":"bob","text":"hi"}""");
        await bob.SendAsync("""{"op":"send","to":"ann","text":"work","wait":true,"id":3}""");
        await ann.SendAsync($$"""{"op":"reply","to":"{{ReplyOf(await ann.LineAsync())}}","text":"done"}""");
        await bob.ExpectAsync("""{"op":"reply","id":3,"text":"done"}""");
        Assert.StartsWith("""{"op":"error","id":4,"error":{"code":"client-absent",""", await bob.AskAsync("""{"op":"send","to":"zoe","id":4}"""), StringComparison.Ordinal);

        Assert.Equal("""{"op":"ok","id":5}""", await bob.AskAsync("""{"op":"broadcast","topic":"news","text":"all","id":5}"""));
        await ann.ExpectAsync("""{"op":"msg","sub":"inbox","topic":"$BUS.ALL.news","text":"all"}""");
        await bob.SendAsync("""{"op":"broadcast","topic":"news","text":"not ann","except":["ann"]}""", """{"op":"broadcast","topic":"news","text":"again"}""");
        Assert.EndsWith("\"again\"}", await ann.LineAsync(), StringComparison.Ordinal);
        Assert.Contains("\"name\":\"ann\"", await bob.AskAsync("""{"op":"clients","id":6}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_are_retained_and_a_will_is_published()
    {
        await using var peer = await ConnectAsync();
        await using (var dying = await ConnectAsync())
        {
            await dying.AskAsync("""{"op":"connect","will":{"topic":"died","text":"of course"}}""");
            Assert.Equal("""{"op":"ok","id":1,"reached":0}""", await dying.AskAsync("""{"op":"pub","topic":"state","data":{"on":true},"retain":true,"id":1}"""));
            await peer.SendAsync("""{"op":"sub","topic":"state","max":1,"id":2}""");
            var lines = new[] { await peer.LineAsync(), await peer.LineAsync() }.Order().ToArray();
            Assert.StartsWith("""{"op":"msg","sub":"state","topic":"state","headers":{"Bus-Retained":""", lines[0], StringComparison.Ordinal);
            Assert.Equal("""{"op":"ok","id":2,"sub":"state"}""", lines[1]);
            await peer.AskAsync("""{"op":"sub","topic":"died","id":3}""");
        }

        await peer.ExpectAsync("""{"op":"msg","sub":"died","topic":"died","text":"of course"}""");
        await using var leaving = await ConnectAsync();
        await leaving.AskAsync("""{"op":"connect","will":{"topic":"died","text":"not"}}""");
        Assert.Equal("""{"op":"closed","id":9}""", await leaving.AskAsync("""{"op":"close","id":9}""", """{"op":"pub","topic":"died","text":"too late"}"""));
        await leaving.ExpectEndAsync();
        Assert.Equal("""{"op":"pong"}""", await peer.AskAsync("""{"op":"ping"}"""));
    }

    [Fact]
    public async Task A_subscription_has_many_filters_a_maximum_and_a_name()
    {
        await using var peer = await ConnectAsync();
        Assert.Equal("""{"op":"ok","id":1,"sub":"both"}""", await peer.AskAsync("""{"op":"sub","topic":["a","b.*"],"sub":"both","max":2,"id":1}"""));
        Assert.Contains("sub-exists", await peer.AskAsync("""{"op":"sub","topic":"c","sub":"both"}"""), StringComparison.Ordinal);
        await peer.SendAsync("""{"op":"pub","topic":"a","text":"1"}""", """{"op":"pub","topic":"b.x","text":"2"}""");
        Assert.Equal(["a", "b.x"], new[] { await peer.LineAsync(), await peer.LineAsync() }.Select(line => line.Split("\"topic\":\"")[1].Split('"')[0]).Order());
        Assert.Equal("""{"op":"pong"}""", await peer.AskAsync("""{"op":"ping"}"""));
        Assert.Equal("""{"op":"ok","id":2,"reached":0}""", await peer.AskAsync("""{"op":"pub","topic":"a","id":2}"""));
        Assert.Contains("sub-unknown", await peer.AskAsync("""{"op":"unsub","sub":"both"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_bus_refuses_is_told_to_who_asked()
    {
        await using var peer = await ConnectAsync();
        Assert.StartsWith("""{"op":"error","id":1,"sub":"$BUS.TO.x","error":{"code":"not-permitted",""", await peer.AskAsync("""{"op":"sub","topic":"$BUS.TO.x","id":1}"""), StringComparison.Ordinal);
        Assert.StartsWith("""{"op":"error","id":2,"error":{"code":"bad-value","message":"The topic '$BUS.EVENT.x' belongs to the bus""", await peer.AskAsync("""{"op":"pub","topic":"$BUS.EVENT.x","id":2}"""), StringComparison.Ordinal);
        Assert.StartsWith("""{"op":"error","id":3,"error":{"code":"bad-value","message":"The topic 'a..b' is not valid: token 2""", await peer.AskAsync("""{"op":"request","topic":"a..b","id":3}"""), StringComparison.Ordinal);
        Assert.StartsWith("""{"op":"error","id":4,"error":{"code":"not-permitted",""", await peer.AskAsync("""{"op":"request","topic":"$BUS.TO.x","headers":{"Bus-From":"me"},"id":4}"""), StringComparison.Ordinal);
        Assert.StartsWith("""{"op":"error","id":5,"error":{"code":"no-name",""", await peer.AskAsync("""{"op":"inbox","id":5}"""), StringComparison.Ordinal);
        Assert.Equal("""{"op":"pong"}""", await peer.AskAsync("""{"op":"ping"}"""));
    }

    /// <summary>The reply-to of a message.</summary>
    internal static string ReplyOf(string line) => line.Split("\"reply\":\"")[1].Split('"')[0];
}

public sealed class UnixJsonLinesTests() : JsonLinesContract(BusScheme.Unix);

public sealed class TcpJsonLinesTests() : JsonLinesContract(BusScheme.Tcp);

public sealed class PipeJsonLinesTests() : JsonLinesContract(BusScheme.Pipe);
