using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Bus.Tests.Client;
using Bus.Tests.Core.Calls;
using Bus.Transport.Channels;
using Bus.Transport.JsonLines;

namespace Bus.Tests.Transport.JsonLines;

/// <summary>A stream between a client and a bus that are played here.</summary>
public sealed partial class JsonStreamTests : IDisposable
{
    private static readonly JsonLimits Limits = new(1024 * 1024, 4096, 4 * 1024 * 1024);

    private readonly ManualTime _time = new();
    private readonly ScriptedChannel _inner = new(["""{"op":"call","service":"numbers","method":"endless","stream":true,"id":1}"""u8.ToArray(), "\n"u8.ToArray()]) { Waits = true };
    private readonly JsonLinesChannel _channel;
    private readonly IChannelSender _sender;
    private string _inbox = "";

    public JsonStreamTests()
    {
        _channel = new JsonLinesChannel(_inner, Limits, _time);
        _sender = _channel.CreateSender(_ => { });
    }

    public void Dispose()
    {
        _sender.Dispose();
        _channel.Dispose();
    }

    [Fact]
    public async Task A_client_that_does_not_read_gives_no_credit()
    {
        await BeginAsync();
        Send(Message("open", "Bus-Stream-Inbox: _INBOX.service.stream"));
        Assert.Contains("Bus-Stream: end", await HeardAsync(), StringComparison.Ordinal);
        var items = string.Concat(Enumerable.Range(1, 64).Select(n => Message("item", Number(n), new string('x', 10_000))));
        Assert.Null(_sender.Send([.. Enumerable.Range(0, items.Length / 1000 + 1).Select(n => new ArraySegment<byte>(Encoding.UTF8.GetBytes(items[(n * 1000)..Math.Min(items.Length, (n + 1) * 1000)])))]));

        // Most of it does not become lines: the connection keeps it, and counts it.
        var heard = HeardAsync();
        Assert.InRange(Items(), 1, 20);
        Assert.False(heard.IsCompleted);
        Out();
        Assert.Contains("Bus-Stream-Items: 96\r\n", await heard, StringComparison.Ordinal);

        int Items() => _inner.Sent.Split("\"op\":\"item\"").Length - 1;
    }

    [Fact]
    public async Task A_client_that_reads_gives_credit_when_half_of_the_window_is_free()
    {
        await BeginAsync();
        Send(Message("open", "Bus-Stream-Inbox: _INBOX.service.stream"));
        await HeardAsync();
        for (var n = 1; n <= 31; n++) Send(Message("item", Number(n), "1"));
        var heard = HeardAsync();
        Assert.False(heard.IsCompleted);
        Send(Message("item", Number(32), "1"));

        Assert.Contains("Bus-Stream: credit\r\nBus-Stream-Items: 96\r\nBus-Stream-Bytes: 1048608\r\n", await heard.Guard(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_lost_breaks_it_and_a_service_that_nobody_finds_any_more_is_gone()
    {
        await BeginAsync();
        Send(Message("open", "Bus-Stream-Inbox: _INBOX.service.stream"));
        await HeardAsync();
        // Every five seconds it is looked for.
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Contains("Bus-Stream: credit", await HeardAsync(), StringComparison.Ordinal);
        Send($"HMSG {_inbox} 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n");

        Assert.Contains("$SRV.CANCEL.numbers", await HeardAsync(), StringComparison.Ordinal);
        Out();
        Assert.EndsWith("{\"op\":\"error\",\"id\":1,\"error\":{\"code\":\"responder-lost\",\"message\":\"The service went away before the stream of 'numbers.endless' had come to its end.\"}}\n", _inner.Sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_item_that_is_missing_breaks_it()
    {
        await BeginAsync();
        Send(Message("open", "Bus-Stream-Inbox: _INBOX.service.stream"));
        await HeardAsync();
        Send(Message("item", Number(2), "1"));

        Assert.Contains("$SRV.CANCEL.numbers", await HeardAsync(), StringComparison.Ordinal);
        Out();
        Assert.Contains("\"stream-broken\"", _inner.Sent, StringComparison.Ordinal);
    }

    /// <summary>What it is told to send to is somebody else's topic.</summary>
    [Fact]
    public async Task A_service_has_nothing_sent_to_a_topic_that_is_no_inbox()
    {
        await BeginAsync();
        Send(Message("open", "Bus-Stream-Inbox: orders.new"));

        Assert.DoesNotContain("orders.new", await HeardAsync(), StringComparison.Ordinal);
        Out();
        Assert.Contains("\"stream-broken\"", _inner.Sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_does_not_take_it_on_in_time_is_told_to_stop()
    {
        await BeginAsync();
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Contains("$SRV.CANCEL.numbers", await HeardAsync(), StringComparison.Ordinal);
        Out();
        Assert.Contains("\"code\":\"timeout\"", _inner.Sent, StringComparison.Ordinal);
    }

    private static string Number(int number) => string.Create(CultureInfo.InvariantCulture, $"Bus-Stream-Number: {number}");

    [GeneratedRegex("Bus-Stream-Inbox: (?<inbox>[^\r]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Inbox();

    private async Task BeginAsync()
    {
        await HeardAsync();
        _channel.Joined("client");
        var call = await HeardAsync();
        Assert.Contains("Bus-Stream-Items: 64\r\nBus-Stream-Bytes: 1048576\r\n", call, StringComparison.Ordinal);
        _inbox = Inbox().Match(call).Groups["inbox"].Value;
    }

    private async Task<string> HeardAsync()
    {
        var room = new byte[64 * 1024];
        return Encoding.UTF8.GetString(room, 0, await _channel.ReceiveAsync(room).AsTask().Guard());
    }

    private string Message(string kind, string header, string payload = "")
    {
        var block = $"NATS/1.0\r\nBus-Stream: {kind}\r\n{header}\r\n\r\n";
        return string.Create(CultureInfo.InvariantCulture, $"HMSG {_inbox} 1 {block.Length} {block.Length + payload.Length}\r\n{block}{payload}\r\n");
    }

    private void Send(string frame)
    {
        // Whoever reads is done with what came before.
        _sender.Send([Encoding.UTF8.GetBytes(frame)]);
        Out();
    }

    /// <summary>What is to be sent to the client is.</summary>
    private void Out()
    {
        while (_inner.IsSending) _inner.Complete(SocketError.Success);
    }
}
