using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bus.Benchmarks.Client;

/// <summary>A NATS client that allocates nothing once it is connected: it sends prepared bytes and takes what comes back. Used by one thread to send and one to receive.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[1 << 18];

    /// <param name="endpoint">Where the bus listens.</param>
    /// <param name="subscriptions">SUB lines; they are active when the constructor returns.</param>
    public RawClient(EndPoint endpoint, string subscriptions = "")
    {
        _socket = new Socket(endpoint.AddressFamily, SocketType.Stream, endpoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified) { ReceiveTimeout = 30_000, SendTimeout = 30_000 };
        if (endpoint is IPEndPoint) _socket.NoDelay = true;
        _socket.Connect(endpoint);
        Send(Encoding.ASCII.GetBytes($"CONNECT {{\"verbose\":false,\"headers\":true,\"no_responders\":true}}\r\n{subscriptions}PING\r\n"));
        var seen = "";
        while (!seen.EndsWith("PONG\r\n", StringComparison.Ordinal)) seen += Encoding.ASCII.GetString(_buffer, 0, Read(_buffer));
        if (seen.Contains("-ERR", StringComparison.Ordinal)) throw new InvalidOperationException(seen);
    }

    /// <summary>As natsload writes it: <c>tcp:127.0.0.1:4222</c> or <c>unix:/path</c>.</summary>
    public static EndPoint Endpoint(string address) => address.Split(':', 2) switch
    {
        ["unix", var path] => new UnixDomainSocketEndPoint(path),
        ["tcp", var host] => IPEndPoint.Parse(host),
        _ => throw new FormatException($"'{address}' is neither tcp:HOST:PORT nor unix:PATH."),
    };

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[_socket.Send(bytes)..];
    }

    /// <summary>Waits for so many bytes and takes not one more.</summary>
    public void Receive(int count)
    {
        while (count > 0) count -= Read(_buffer.AsSpan(0, Math.Min(count, _buffer.Length)));
    }

    /// <summary>Takes what is there, at least one byte.</summary>
    /// <exception cref="InvalidOperationException">The bus closed the connection.</exception>
    public int Read(Span<byte> into) => _socket.Receive(into) is > 0 and var received ? received : throw new InvalidOperationException("The bus closed the connection.");

    /// <summary>Ends what waits in <see cref="Read"/>.</summary>
    public void Shutdown() => _socket.Shutdown(SocketShutdown.Both);

    public void Dispose() => _socket.Dispose();
}
