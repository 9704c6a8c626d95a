using System.Text;
using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;
using Bus.Transport.Hosting;

namespace Bus.Tests.Transport.Connections;

/// <summary>What a plain NATS client sees of content types and compression, and what it may send.</summary>
public sealed class PlainFormatTests : IAsyncLifetime
{
    private static readonly string Long = new('x', 1000);

    private BusListener _listener = null!;
    private IBus _bus = null!;
    private RawClient _plain = null!;

    public async Task InitializeAsync()
    {
        _listener = await BusListener.StartAsync([BusEndpoint.Parse("tcp://127.0.0.1:0")]);
        _bus = await BusClient.ConnectAsync(_listener.Endpoints[0], new BusClientOptions { Serializers = [new LabelSerializer("application/x-sharp")], Compression = new CompressionOptions { Above = 100, Method = CompressionMethod.GZip } }).Guard();
        _plain = await RawClient.ConnectAsync(_listener.Endpoints[0]);
    }

    public async Task DisposeAsync()
    {
        _plain.Dispose();
        await _bus.DisposeAsync();
        await _listener.DisposeAsync();
    }

    [Fact]
    public async Task Its_requests_are_answered_in_their_format_and_without_compression()
    {
        await using var service = await _bus.RespondAsync<Order, Order>("orders", (order, _, _) => ValueTask.FromResult(order with { Customer = Long }));
        await _plain.SendAsync("SUB r 1\r\n" + Hpub("orders", "r", "Content-Type: APPLICATION/X-SHARP; a=b\r\n", """#{"Number":1,"Customer":"Ada"}"""));
        var answer = await TakeAsync("\"}\r\n");
        Assert.StartsWith("HMSG r 1 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: application/x-sharp\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Encoding", answer, StringComparison.Ordinal);
        Assert.Contains($"#{{\"Number\":1,\"Customer\":\"{Long}\"}}", answer, StringComparison.Ordinal);

        await _plain.SendAsync("""PUB orders r 30""" + "\r\n" + """{"number":22,"customer":"Ada"}""" + "\r\n");
        answer = await TakeAsync("\"}\r\n");
        Assert.StartsWith($"MSG r 1 {Encoding.UTF8.GetByteCount(Json(22))}\r\n{Json(22)}", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_format_that_nobody_reads_is_told_in_headers()
    {
        await using var service = await _bus.RespondAsync<Order, Order>("orders", (order, _, _) => ValueTask.FromResult(order));
        await _plain.SendAsync("SUB r 1\r\n" + Hpub("orders", "r", "Content-Type: application/x-star\r\n", "*"));
        var answer = await TakeAsync("\r\n\r\n");
        Assert.Contains("Nats-Service-Error-Code: 415\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Bus-Error: unsupported-content-type\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Nats-Service-Error: The payload on 'orders' (1 byte) has the content type 'application/x-star'", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_sees_that_a_message_is_compressed()
    {
        await _plain.FlushAsync("SUB a 1\r\n");
        await _bus.PublishAsync("a", Long);
        var message = await TakeAsync("\r\n\r\n");
        Assert.StartsWith("HMSG a 1 ", message, StringComparison.Ordinal);
        Assert.EndsWith("NATS/1.0\r\nContent-Encoding: gzip\r\n\r\n", message, StringComparison.Ordinal);
    }

    private async Task<string> TakeAsync(string end) => await _plain.TakeUntilAsync(end) + end;

    private static string Json(int number) => $"{{\"number\":{number},\"customer\":\"{Long}\"}}";

    private static string Hpub(string topic, string reply, string headers, string payload)
    {
        var block = $"NATS/1.0\r\n{headers}\r\n";
        return $"HPUB {topic} {reply} {block.Length} {block.Length + payload.Length}\r\n{block}{payload}\r\n";
    }
}
