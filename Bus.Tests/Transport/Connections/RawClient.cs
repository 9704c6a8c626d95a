using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Bus.Transport.Channels;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.Connections;

/// <summary>A client that speaks bytes: what a test writes is what goes out, in one write, and what comes back is read as text.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly BusChannel _channel;
    private readonly IChannelSender _sender;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly StringBuilder _received = new();

    private TaskCompletionSource<SocketError> _sent = new();

    private RawClient(BusChannel channel)
    {
        _channel = channel;
        _sender = channel.CreateSender(outcome => _sent.SetResult(outcome));
    }

    public static async Task<RawClient> ConnectAsync(BusEndpoint endpoint, string connect = """CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true}""")
    {
        using var timeout = new CancellationTokenSource(Guard);
        var client = new RawClient(await Dialer.ConnectAsync(endpoint, timeout.Token));
        client.Greeting = await client.TakeUntilAsync("\r\n");
        // What came together with the greeting is for whoever says nothing.
        if (connect.Length == 0) return client;
        await client.FlushAsync(connect + "\r\n");
        client.Clear();
        return client;
    }

    /// <summary>The first line that the server sent.</summary>
    public string Greeting { get; private set; } = "";

    /// <summary>What has been received and not yet taken.</summary>
    public string Received => _received.ToString();

    public void Clear() => _received.Clear();

    /// <summary>Sends text as it is, one character a byte.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        _sent = new TaskCompletionSource<SocketError>(TaskCreationOptions.RunContinuationsAsynchronously);
        var outcome = _sender.Send([new ArraySegment<byte>(bytes.ToArray())]) ?? await _sent.Task.WaitAsync(Guard);
        if (outcome != SocketError.Success) throw new SocketException((int)outcome);
    }

    /// <summary>As <see cref="SendAsync(string)"/>, to a server that may have closed the connection already.</summary>
    public Task TrySendAsync(string text) => TrySendAsync(Encoding.Latin1.GetBytes(text));

    public async Task TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await SendAsync(bytes);
        }
        catch (SocketException)
        {
            // What it said before it closed is still to be read.
        }
    }

    /// <summary>Sends text and a PING behind it, and gives what came back before its PONG.</summary>
    public async Task<string> FlushAsync(string text = "")
    {
        await SendAsync(text + "PING\r\n");
        return await TakeUntilAsync("PONG\r\n");
    }

    /// <summary>Reads until the text has come, and takes everything before it.</summary>
    public async Task<string> TakeUntilAsync(string end) =>
        await TryTakeUntilAsync(end) ?? throw new InvalidOperationException($"The connection closed before '{end.Trim()}' came. Received: {Received}");

    /// <summary>As <see cref="TakeUntilAsync"/>; null when the other side closes before, and what it said is in <see cref="Received"/>.</summary>
    public async Task<string?> TryTakeUntilAsync(string end)
    {
        var at = await ReadUntilAsync(end);
        if (at < 0) return null;
        var taken = _received.ToString(0, at);
        _received.Remove(0, at + end.Length);
        return taken;
    }

    /// <summary>Reads this many messages whose reply-tos end in their number, and gives the numbers.</summary>
    public async Task<IReadOnlyList<int>> CountAsync(int messages)
    {
        var numbers = new List<int>();
        while (numbers.Count < messages)
        {
            var head = (await TakeUntilAsync("\r\n")).Split(' ');
            var size = int.Parse(head[^1], CultureInfo.InvariantCulture);
            while (_received.Length < size + 2)
            {
                if (!await ReceiveAsync()) throw new InvalidOperationException($"The connection closed after {numbers.Count} messages.");
            }

            _received.Remove(0, size + 2);
            numbers.Add(int.Parse(head[^2].Split('.')[^1], CultureInfo.InvariantCulture));
        }

        return numbers;
    }

    /// <summary>Reads until the other side closes, and gives all that is left.</summary>
    public async Task<string> ReadToEndAsync()
    {
        while (await ReceiveAsync())
        {
        }

        return Received;
    }

    public void Dispose() => _channel.Dispose();

    private async Task<int> ReadUntilAsync(string end)
    {
        while (true)
        {
            var at = Received.IndexOf(end, StringComparison.Ordinal);
            if (at >= 0) return at;
            if (!await ReceiveAsync()) return -1;
        }
    }

    private async Task<bool> ReceiveAsync()
    {
        using var timeout = new CancellationTokenSource(Guard);
        try
        {
            var count = await _channel.ReceiveAsync(_buffer, timeout.Token);
            _received.Append(Encoding.Latin1.GetString(_buffer, 0, count));
            return count > 0;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"Nothing came for {Guard.TotalSeconds} s. Received so far: {Received}", e);
        }
    }
}
