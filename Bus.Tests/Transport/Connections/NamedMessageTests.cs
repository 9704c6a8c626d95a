using System.Text.Json;

namespace Bus.Tests.Transport.Connections;

/// <summary>Messages by name and broadcasts of plain NATS clients.</summary>
public sealed class NamedMessageTests : IAsyncLifetime
{
    private readonly TestBus _bus = new();

    public Task InitializeAsync() => _bus.StartAsync();

    public Task DisposeAsync() => _bus.DisposeAsync().AsTask();

    [Fact]
    public async Task A_plain_client_sends_to_a_name_and_hears_when_nobody_has_it()
    {
        using var sender = await _bus.ConnectAsync();
        using var receiver = await _bus.ConnectAsync();
        var name = NameOf(receiver);
        await receiver.FlushAsync($"SUB $BUS.TO.{name} 1\r\n");
        await sender.FlushAsync("SUB _INBOX.* 1\r\n");

        await sender.SendAsync($"PUB $BUS.TO.{name} 6\r\ndirect\r\n");
        Assert.Equal("", await receiver.TakeUntilAsync($"MSG $BUS.TO.{name} 1 6\r\ndirect\r\n"));
        await sender.SendAsync($"PUB $BUS.SEND.{name} _INBOX.1 9\r\nconfirmed\r\n");
        Assert.Equal("", await sender.TakeUntilAsync("MSG _INBOX.1 1 0\r\n\r\n"));
        Assert.Contains($"Bus-From: {NameOf(sender)}\r\n", await receiver.TakeUntilAsync("confirmed\r\n"), StringComparison.Ordinal);
        await sender.SendAsync("PUB $BUS.SEND.nobody _INBOX.2 2\r\nhi\r\n");
        Assert.Contains("Nats-Service-Error-Code: 404\r\n", await sender.TakeUntilAsync("Bus-Error: client-absent\r\n"), StringComparison.Ordinal);
        Assert.Contains("NATS/1.0 503", await sender.FlushAsync("PUB $BUS.TO.nobody _INBOX.3 2\r\nhi\r\n") + await sender.FlushAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_client_delivers_to_another_which_confirms()
    {
        using var sender = await _bus.ConnectAsync();
        using var receiver = await _bus.ConnectAsync();
        var name = NameOf(receiver);
        await receiver.FlushAsync($"SUB $BUS.TO.{name} 1\r\n");
        await sender.FlushAsync("SUB _INBOX.* 1\r\n");

        await sender.SendAsync($"PUB $BUS.DELIVER.{name} _INBOX.1 4\r\nwork\r\n");
        var got = await receiver.TakeUntilAsync("work\r\n");
        Assert.StartsWith($"HMSG $BUS.TO.{name} 1 _INBOX.1 ", got, StringComparison.Ordinal);
        Assert.Contains("Bus-Confirm: handled\r\n", got, StringComparison.Ordinal);
        Assert.Contains($"Bus-From: {NameOf(sender)}\r\n", got, StringComparison.Ordinal);
        await receiver.SendAsync("PUB _INBOX.1 4\r\ndone\r\n");
        Assert.Equal("", await sender.TakeUntilAsync("MSG _INBOX.1 1 4\r\ndone\r\n"));
        await sender.SendAsync("PUB $BUS.DELIVER.nobody _INBOX.2 2\r\nhi\r\n");
        Assert.Contains("Nats-Service-Error-Code: 404\r\n", await sender.TakeUntilAsync("Bus-Error: client-absent\r\n"), StringComparison.Ordinal);
        // Without a reply-to there is nobody to confirm it to.
        await sender.SendAsync($"PUB $BUS.DELIVER.{name} 2\r\nhi\r\n");
        Assert.DoesNotContain("Bus-Confirm", await receiver.TakeUntilAsync("\r\nhi\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$BUS.TO.x", "bus-from: me ")]
    [InlineData("$BUS.TO.x", "Bus-From : me")]
    [InlineData("$BUS.TO.x", " \tBus-From\t: me")]
    [InlineData("$BUS.PUB.$BUS.TO.x", "Bus-From: me")]
    [InlineData("$BUS.SURVEY.$BUS.TO.x", "Bus-From: me")]
    [InlineData("$BUS.WILL.$BUS.TO.x", "Bus-From: me")]
    [InlineData("$BUS.WILL.$BUS.PUB.$BUS.TO.x", "Bus-From: me")]
    public async Task Nobody_can_pretend_to_be_another_sender(string topic, string header)
    {
        using var client = await _bus.ConnectAsync();
        var block = $"NATS/1.0\r\n{header}\r\n\r\n";

        Assert.Contains($"Permissions Violation for Publish to \"{topic}\"", await client.FlushAsync($"HPUB {topic} {block.Length} {block.Length + 2}\r\n{block}hi\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broadcast_leaves_out_whom_its_header_names()
    {
        using var a = await _bus.ConnectAsync();
        using var b = await _bus.ConnectAsync();
        using var c = await _bus.ConnectAsync();
        foreach (var client in new[] { a, b, c }) await client.FlushAsync("SUB $BUS.ALL.> 1\r\n");
        var block = $"NATS/1.0\r\nBus-Except: {NameOf(a)}, {NameOf(b)}\r\n\r\n";

        // Both in one write, and so in one batch.
        await a.FlushAsync($"HPUB $BUS.ALL.x {block.Length} {block.Length + 1}\r\n{block}1\r\nPUB $BUS.ALL.x 1\r\n2\r\n");

        Assert.Equal("MSG $BUS.ALL.x 1 1\r\n2\r\n", await b.FlushAsync());
        Assert.Equal($"HMSG $BUS.ALL.x 1 {block.Length} {block.Length + 1}\r\n{block}1\r\nMSG $BUS.ALL.x 1 1\r\n2\r\n", await c.FlushAsync());
    }

    private static string NameOf(RawClient client)
    {
        using var info = JsonDocument.Parse(client.Greeting["INFO ".Length..]);
        return $"client-{info.RootElement.GetProperty("client_id").GetInt64()}";
    }
}
