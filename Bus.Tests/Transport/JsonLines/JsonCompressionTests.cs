using System.IO.Compression;
using Bus.Core.Client;
using Bus.Core.Hosting;
using Bus.Core.Messages;
using Bus.Tests.Client;

namespace Bus.Tests.Transport.JsonLines;

/// <summary>A script reads what others compress as it was before.</summary>
public sealed class JsonCompressionTests : IAsyncLifetime
{
    private static readonly string Long = new('x', 1000);

    private JsonBus _bus = null!;

    public async Task InitializeAsync() => _bus = await JsonBus.StartAsync(options: new IpcBusOptions { Compression = new CompressionOptions { Above = 100 } });

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Fact]
    public async Task Messages_answers_and_details_of_errors_are_decompressed()
    {
        await using var peer = await _bus.ConnectAsync();
        await using var echo = await _bus.Local.RespondAsync<string, string>("echo", (_, _, _) => ValueTask.FromResult(Long));
        await using var fail = await _bus.Local.RespondAsync<string, string>("fail", (_, _, _) => throw new RemoteErrorException("no", 409, "x", Long));
        await using var seen = await _bus.Local.OpenSubscriptionAsync<string>("a");
        await peer.AskAsync("""{"op":"sub","topic":"a","id":1}""");

        await _bus.Local.PublishAsync("a", Long, new PublishOptions { Headers = new BusHeaders { { "K", "v" } } });
        await peer.ExpectAsync($$$"""{"op":"msg","sub":"a","topic":"a","headers":{"K":"v"},"text":"{{{Long}}}"}""");
        Assert.Equal("br", Assert.Single(await seen.TakeAsync(1)).RawHeaders!["Content-Encoding"]);
        Assert.Equal($$"""{"op":"reply","id":2,"text":"{{Long}}"}""", await peer.AskAsync("""{"op":"request","topic":"echo","id":2}"""));
        Assert.Equal($$$"""{"op":"error","id":3,"error":{"code":"x","message":"no","status":409},"text":"{{{Long}}}"}""", await peer.AskAsync("""{"op":"request","topic":"fail","id":3}"""));
    }

    [Fact]
    public async Task What_becomes_too_large_or_is_damaged_stays_as_it_is()
    {
        await using var peer = await _bus.ConnectAsync();
        await peer.AskAsync("""{"op":"sub","topic":"a","id":1}""");
        var options = new PublishOptions { Headers = new BusHeaders { { "Content-Encoding", "gzip" } } };
        foreach (var payload in new[] { Compressed(new byte[64 * 1024 * 1024]), Compressed(new byte[1000])[..^3] })
        {
            await _bus.Local.PublishAsync("a", payload, options);
            await peer.ExpectAsync($$$"""{"op":"msg","sub":"a","topic":"a","headers":{"Content-Encoding":"gzip"},"base64":"{{{Convert.ToBase64String(payload)}}}"}""");
        }
    }

    private static byte[] Compressed(byte[] payload)
    {
        using var target = new MemoryStream();
        using (var stream = new GZipStream(target, CompressionLevel.SmallestSize, leaveOpen: true)) stream.Write(payload);
        return target.ToArray();
    }
}
