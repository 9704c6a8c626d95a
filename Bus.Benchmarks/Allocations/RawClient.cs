using System.Net.Sockets;
using System.Text;

namespace Bus.Benchmarks.Allocations;

/// <summary>A NATS client that allocates nothing: it sends prepared bytes and counts those that come back.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _buffer = new byte[1 << 18];

    public RawClient(string path, string subscriptions = "")
    {
        _socket.ReceiveTimeout = _socket.SendTimeout = 30_000;
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        Send(Encoding.ASCII.GetBytes($"CONNECT {{\"verbose\":false,\"headers\":true,\"no_responders\":true}}\r\n{subscriptions}PING\r\n"));
        var seen = "";
        while (!seen.EndsWith("PONG\r\n", StringComparison.Ordinal)) seen += Encoding.ASCII.GetString(_buffer, 0, Read(_buffer.Length));
        if (seen.Contains("-ERR", StringComparison.Ordinal)) throw new InvalidOperationException(seen);
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[_socket.Send(bytes)..];
    }

    /// <summary>Waits for so many bytes and not one more.</summary>
    public void Receive(int count)
    {
        while (count > 0) count -= Read(count);
    }

    public void Dispose() => _socket.Dispose();

    private int Read(int most) => _socket.Receive(_buffer.AsSpan(0, Math.Min(most, _buffer.Length))) is > 0 and var received ? received : throw new InvalidOperationException("The bus closed the connection.");
}
