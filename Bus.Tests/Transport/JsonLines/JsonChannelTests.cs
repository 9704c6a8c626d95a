using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Bus.Tests.Client;
using Bus.Tests.Core.Calls;
using Bus.Transport.Channels;
using Bus.Transport.JsonLines;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Transport.JsonLines;

/// <summary>The channel alone, between a client that is cut into pieces and a connection that is too.</summary>
public sealed partial class JsonChannelTests
{
    private static readonly Config Some = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261, 20265);

    private static readonly byte[] FromClient = Encoding.UTF8.GetBytes(
        """
        {"op":"connect","name":"é","id":1}
        {"op":"sub","topic":["a.*","b"],"id":2}
        no json

        {"op":"pub","topic":"a.b","text":"grüße 😀","headers":{"A":"b"}}
        {"op":"request","topic":"r","data":{"x":[1,2]},"id":{"n":3}}
        {"op":"unsub","sub":"a.*,b","id":"4"}
        {"op":"ping"}

        """);

    private static readonly byte[] FromBus = Encoding.UTF8.GetBytes(
        "INFO {\"server_id\":\"s\",\"server_name\":\"n\",\"max_payload\":1000}\r\nPONG\r\nPONG\r\nMSG a.x 2 5\r\ngr\u00fc!\r\nHMSG b 3 reply.to 19 21\r\nNATS/1.0\r\nA: \u00e9\r\n\r\n1\n\r\nPING\r\n-ERR 'Permissions Violation for Publish to \"x\"'\r\nMSG a.y 2 0\r\n\r\n-ERR 'Slow Consumer'\r\n");

    [Fact]
    public void Any_split_of_what_a_client_sends_says_the_same_to_the_bus()
    {
        var whole = Inbound([]);
        Assert.Contains("CONNECT {", whole, StringComparison.Ordinal);
        Assert.Contains("HPUB a.b 18 30\r\nNATS/1.0\r\nA: b\r\n\r\ngr\u00fc\u00dfe", whole, StringComparison.Ordinal);
        Assert.EndsWith("PING\r\n", whole, StringComparison.Ordinal);
        Check.One(Some, Prop.ForAll(Gen.Choose(1, FromClient.Length).ListOf().ToArbitrary(), cuts => Inbound(cuts) == whole));
    }

    [Fact]
    public void Any_split_of_what_the_bus_says_gives_the_same_lines()
    {
        var whole = Outbound([]);
        Assert.Equal(8, whole.Split('\n').Length);
        Check.One(Some, Prop.ForAll(Gen.Choose(1, FromBus.Length).ListOf().ToArbitrary(), cuts => Outbound(cuts) == whole));
    }

    [Fact]
    public async Task A_send_that_waits_is_done_when_all_of_its_lines_are_out()
    {
        var inner = new ScriptedChannel([FromClient]) { Waits = true };
        using var channel = new JsonLinesChannel(inner, new JsonLimits(1000, 4096, 4096), TimeProvider.System);
        var done = new TaskCompletionSource<SocketError>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var sender = channel.CreateSender(done.SetResult);
        await channel.ReceiveAsync(new byte[4096]);
        // Its own error line is on the way already.
        Assert.Equal(1, inner.Sends);
        Assert.Null(sender.Send(Pieces(FromBus, [])));
        Assert.Equal(1, inner.Sends);
        inner.Complete(SocketError.Success);
        Assert.False(done.Task.IsCompleted);
        inner.Complete(SocketError.Success);
        Assert.Equal(SocketError.Success, await done.Task.Guard());
        Assert.EndsWith("\"slow-consumer\",\"message\":\"You do not read what the bus sends as fast as it has to be sent.\"}}\n", inner.Sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_connection_ends_the_send_and_the_next_one_too()
    {
        var inner = new ScriptedChannel([]) { Waits = true };
        using var channel = new JsonLinesChannel(inner, new JsonLimits(1000, 4096, 4096), TimeProvider.System);
        var done = new TaskCompletionSource<SocketError>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var sender = channel.CreateSender(done.SetResult);
        Assert.Null(sender.Send(Pieces(FromBus, [])));
        inner.Complete(SocketError.ConnectionReset);
        Assert.Equal(SocketError.ConnectionReset, await done.Task.Guard());
        Assert.Equal(SocketError.ConnectionReset, sender.Send(Pieces(FromBus, [])));
    }

    /// <summary>It looks like one that has said all it has to say and waits for the answer, but for the kernel.</summary>
    [Fact]
    public async Task A_client_that_is_gone_altogether_is_not_waited_for()
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var path = Path.Combine(Directory.CreateTempSubdirectory("ipcbus-test-").FullName, "s");
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(path)).Guard();
        // The clock stands still: nobody looks whether it is there.
        using var channel = new JsonLinesChannel(new SocketChannel(await listener.AcceptAsync().Guard()), new JsonLimits(1000, 4096, 4096), new ManualTime());
        using var sender = channel.CreateSender(_ => { });
        client.Send("{\"op\":\"request\",\"topic\":\"r\"}\n"u8);
        Assert.NotEqual(0, await channel.ReceiveAsync(new byte[4096]).AsTask().Guard());

        client.Dispose();

        Assert.Equal(0, await channel.ReceiveAsync(new byte[4096]).AsTask().Guard());
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    /// <summary>What the bus hears of the client's lines.</summary>
    private static string Inbound(IEnumerable<int> cuts)
    {
        using var channel = new JsonLinesChannel(new ScriptedChannel(Cut(FromClient, cuts)), new JsonLimits(1000, 4096, 4096), TimeProvider.System);
        using var sender = channel.CreateSender(_ => { });
        var (heard, room) = (new List<byte>(), new byte[100]);
        while (!heard.TakeLast(12).SequenceEqual("PING\r\nPING\r\n"u8.ToArray()))
        {
            // What it waits for does not come: all of it is there.
            var receiving = channel.ReceiveAsync(room).AsTask();
            Assert.True(receiving.IsCompletedSuccessfully, Encoding.UTF8.GetString(heard.ToArray()));
            heard.AddRange(room.AsSpan(0, receiving.GetAwaiter().GetResult()));
        }

        return Inbox().Replace(Encoding.UTF8.GetString(heard.ToArray()), "_INBOX.x");
    }

    /// <summary>The lines that the client gets.</summary>
    private static string Outbound(IEnumerable<int> cuts)
    {
        var inner = new ScriptedChannel([Encoding.UTF8.GetBytes("{\"op\":\"sub\",\"topic\":[\"a.*\",\"b\"],\"id\":1}\n{\"op\":\"ping\",\"id\":2}\n")]);
        using var channel = new JsonLinesChannel(inner, new JsonLimits(1000, 4096, 4096), TimeProvider.System);
        using var sender = channel.CreateSender(_ => { });
        Assert.True(channel.ReceiveAsync(new byte[4096]).AsTask().IsCompletedSuccessfully);
        Assert.Equal(SocketError.Success, sender.Send(Pieces(FromBus, cuts)));
        return inner.Sent;
    }

    private static List<ArraySegment<byte>> Pieces(byte[] bytes, IEnumerable<int> cuts) => [.. Cut(bytes, cuts).Select(piece => new ArraySegment<byte>(piece))];

    private static byte[][] Cut(byte[] bytes, IEnumerable<int> cuts)
    {
        int[] places = [0, .. cuts.Where(cut => cut < bytes.Length).Distinct().Order(), bytes.Length];
        return [.. places.Zip(places.Skip(1), (from, to) => bytes[from..to])];
    }

    [GeneratedRegex("_INBOX\\.[0-9a-zA-Z]+(\\.[0-9a-f]+)?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Inbox();
}
