using System.IO.Pipes;
using System.Net.Sockets;
using System.Text;
using Bus.Tests.Client;
using Bus.Transport.Endpoints;
using Bus.Transport.JsonLines;

namespace Bus.Tests.Transport.JsonLines;

/// <summary>A client of JSON lines as a script would be: it writes lines and reads lines. Every read ends in time.</summary>
internal sealed class JsonPeer : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly JsonLineReader _reader = new(256 * 1024 * 1024);

    private JsonPeer(Stream stream) => _stream = stream;

    public Socket? Socket { get; private init; }

    public static async Task<JsonPeer> ConnectAsync(BusEndpoint endpoint)
    {
        if (endpoint.Scheme == BusScheme.Pipe && OperatingSystem.IsWindows())
        {
            var pipe = new NamedPipeClientStream(".", endpoint.PipeName!.Replace('/', '@'), PipeDirection.InOut, PipeOptions.Asynchronous);
            await pipe.ConnectAsync().Guard();
            return new JsonPeer(pipe);
        }

        var isTcp = endpoint.Scheme == BusScheme.Tcp;
        var socket = isTcp ? new Socket(SocketType.Stream, ProtocolType.Tcp) : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        if (isTcp) await socket.ConnectAsync(endpoint.Host!, endpoint.Port!.Value).Guard();
        else await socket.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.Path!)).Guard();
        return new JsonPeer(new NetworkStream(socket, ownsSocket: true)) { Socket = socket };
    }

    public Task SendAsync(params string[] lines) => SendRawAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"{line}\n"))));

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes).AsTask().Guard();

    /// <summary>Sends lines, and reads one.</summary>
    public async Task<string> AskAsync(params string[] lines)
    {
        await SendAsync(lines);
        return await LineAsync();
    }

    /// <summary>The next line, without the blanks that may stand before it. Fails when the connection ends before.</summary>
    public async Task<string> LineAsync() => await NextAsync() ?? throw new InvalidOperationException($"The connection ended, and a line was expected. The last one has begun with: {Encoding.UTF8.GetString(_reader.Begun)}");

    /// <summary>The next line; null at the end of the connection.</summary>
    public async Task<string?> NextAsync()
    {
        while (true)
        {
            if (TryRead() is { } line) return line;
            int count;
            try
            {
                count = await _stream.ReadAsync(_reader.GetMemory(64 * 1024)).AsTask().Guard();
            }
            catch (IOException)
            {
                // Closed with something unread.
                return null;
            }

            if (count == 0) return null;
            _reader.Advance(count);
        }
    }

    public async Task ExpectAsync(params string[] lines)
    {
        foreach (var line in lines) Assert.Equal(line, await LineAsync());
    }

    public async Task ExpectEndAsync() => Assert.Null(await NextAsync());

    /// <summary>Says that no more lines come, and reads on.</summary>
    public void EndSending() => Socket!.Shutdown(SocketShutdown.Send);

    public async ValueTask DisposeAsync() => await _stream.DisposeAsync();

    private string? TryRead() => _reader.Read(out var line) == JsonLineStatus.Line ? Encoding.UTF8.GetString(line.TrimStart((byte)' ')) : null;
}
