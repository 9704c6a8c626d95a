using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Tests.Client;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.JsonLines;

/// <summary>Answers that are streams, read line by line.</summary>
public abstract class JsonStreamContract(BusScheme over) : IAsyncLifetime
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private JsonBus _bus = null!;
    private JsonPeer _peer = null!;
    private IBusService _service = null!;

    public async Task InitializeAsync()
    {
        _bus = await JsonBus.StartAsync();
        _peer = await _bus.ConnectAsync(over);
        _service = await _bus.Local.ServeAsync("numbers", s => s
            .Stream<int, int>("up-to", (n, _) => AsyncEnumerable.Range(1, n))
            .Stream<string, string>("fail", (text, _) => FailAsync(text))
            .Stream<int, int>("endless", (_, context) => EndlessAsync(context.CancellationToken))
            .Upload<int, int>("sum", async (items, _) => await items.SumAsync())
            .Endpoint<int, int>("double", (n, _) => 2 * n));
    }

    public async Task DisposeAsync()
    {
        await _peer.DisposeAsync();
        await _service.DisposeAsync();
        await _bus.DisposeAsync();
    }

    [Fact]
    public async Task Each_item_is_a_line_and_then_comes_the_end()
    {
        await _peer.SendAsync("""{"op":"call","service":"numbers","method":"up-to","data":3,"stream":true,"id":"a"}""");
        await _peer.ExpectAsync("""{"op":"item","id":"a","data":1}""", """{"op":"item","id":"a","data":2}""", """{"op":"item","id":"a","data":3}""", """{"op":"end","id":"a"}""");

        // Without items; with a form of the client's choice; and more than fit into a window.
        await _peer.SendAsync("""{"op":"call","service":"numbers","method":"up-to","data":0,"stream":true}""", """{"op":"ping"}""");
        Assert.Equal(["""{"op":"end"}""", """{"op":"pong"}"""], new[] { await _peer.LineAsync(), await _peer.LineAsync() }.Order());
        await _peer.SendAsync("""{"op":"call","service":"numbers","method":"up-to","data":1,"stream":true,"as":"text"}""");
        await _peer.ExpectAsync("""{"op":"item","text":"1"}""", """{"op":"end"}""");
        await _peer.SendAsync("""{"op":"call","service":"numbers","method":"up-to","data":1000,"stream":true}""");
        for (var n = 1; n <= 1000; n++) await _peer.ExpectAsync($$"""{"op":"item","data":{{n}}}""");
        await _peer.ExpectAsync("""{"op":"end"}""");
    }

    [Fact]
    public async Task Its_error_comes_behind_what_came_before()
    {
        await _peer.SendAsync("""{"op":"call","service":"numbers","method":"fail","data":"oh","stream":true,"id":1}""");
        await _peer.ExpectAsync("""{"op":"item","id":1,"data":"oh"}""", """{"op":"error","id":1,"error":{"code":"no-more","message":"that was all","status":410}}""");
    }

    [Fact]
    public async Task What_is_no_stream_and_what_is_one_and_was_not_called_so_is_told()
    {
        Assert.StartsWith("""{"op":"error","id":1,"error":{"code":"bad-request","message":"'numbers.double' gives one answer""", await _peer.AskAsync("""{"op":"call","service":"numbers","method":"double","data":1,"stream":true,"id":1}"""), StringComparison.Ordinal);
        Assert.Contains("or \\u0022stream\\u0022:true in JSON lines", (await _peer.AskAsync("""{"op":"call","service":"numbers","method":"up-to","data":1,"id":2}""")).Replace("\\\"", "\\u0022", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.StartsWith("""{"op":"error","id":3,"error":{"code":"method-not-found",""", await _peer.AskAsync("""{"op":"call","service":"numbers","method":"down-to","stream":true,"id":3}"""), StringComparison.Ordinal);
        // It waits for items, of which there are none.
        await _peer.SendAsync("""{"op":"call","service":"numbers","method":"sum","stream":true,"id":4}""");
        await _peer.ExpectAsync("""{"op":"item","id":4,"data":0}""", """{"op":"end","id":4}""");
        // A responder that knows no streams.
        await using var plain = await _bus.Local.RespondAsync<string, string>("plain.do", (_, _, _) => new("done"));
        Assert.StartsWith("""{"op":"error","id":5,"error":{"code":"stream-broken",""", await _peer.AskAsync("""{"op":"call","service":"plain","method":"do","stream":true,"id":5}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_it_ends_it_at_the_service()
    {
        await _peer.SendAsync("""{"op":"call","service":"numbers","method":"endless","data":1,"stream":true,"id":1}""");
        await _peer.ExpectAsync("""{"op":"item","id":1,"data":1}""");
        await _peer.SendAsync("""{"op":"cancel","id":1}""");

        string line;
        do line = await _peer.LineAsync();
        while (line.StartsWith("""{"op":"item",""", StringComparison.Ordinal));
        Assert.StartsWith("""{"op":"error","id":1,"error":{"code":"cancelled",""", line, StringComparison.Ordinal);
        await _ended.Task.Guard();
    }

    [Fact]
    public async Task The_end_of_the_connection_ends_it_at_the_service()
    {
        await _peer.SendAsync("""{"op":"call","service":"numbers","method":"endless","data":1,"stream":true}""");
        await _peer.ExpectAsync("""{"op":"item","data":1}""");
        await _peer.DisposeAsync();
        await _ended.Task.Guard();
    }

    [Fact]
    public async Task Who_has_said_all_reads_it_to_its_end()
    {
        await _peer.SendRawAsync("""{"op":"call","service":"numbers","method":"up-to","data":500,"stream":true}"""u8.ToArray());
        _peer.EndSending();
        for (var n = 1; n <= 500; n++) await _peer.ExpectAsync($$"""{"op":"item","data":{{n}}}""");
        await _peer.ExpectAsync("""{"op":"end"}""");
        await _peer.ExpectEndAsync();
    }

    private static async IAsyncEnumerable<string> FailAsync(string text)
    {
        await Task.Yield();
        yield return text;
        throw new RemoteErrorException("that was all", 410, "no-more");
    }

    private async IAsyncEnumerable<int> EndlessAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            for (var n = 1; ; n++)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                yield return n;
            }
        }
        finally
        {
            _ended.TrySetResult();
        }
    }
}

public sealed class UnixJsonStreamTests() : JsonStreamContract(BusScheme.Unix);

public sealed class TcpJsonStreamTests() : JsonStreamContract(BusScheme.Tcp);
