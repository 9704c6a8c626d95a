using System.Net.Sockets;

namespace Bus.Transport.Channels;

/// <summary>A connection over a socket.</summary>
internal sealed class SocketChannel(Socket socket) : BusChannel
{
    private const int IdleSeconds = 60;

    /// <summary>For options that only sockets have.</summary>
    public Socket Socket => socket;

    public override bool HasCredentials => socket.AddressFamily == AddressFamily.Unix;

    public override bool HasUnread
    {
        get
        {
            try
            {
                return socket.Available > 0;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    public override ValueTask<int> ReceiveAsync(Memory<byte> room, CancellationToken cancellationToken = default) => socket.ReceiveAsync(room, SocketFlags.None, cancellationToken);

    public override IChannelSender CreateSender(Action<SocketError> completed) => new SocketSender(socket, completed);

    public override bool TryEndSending()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public override void Refuse(ReadOnlyMemory<byte> line)
    {
        try
        {
            socket.Blocking = false;
            socket.Send(line.Span, SocketFlags.None, out _);
        }
        catch (SocketException)
        {
            // The client is gone already.
        }

        socket.Dispose();
    }

    public override int GetSocketOption(int level, int name, Span<byte> value)
    {
        try
        {
            return socket.GetRawSocketOption(level, name, value);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    public override void KeepAlive()
    {
        if (socket.ProtocolType != ProtocolType.Tcp) return;
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, IdleSeconds);
        }
        catch (SocketException)
        {
            // The client is gone already.
        }
    }

    /// <summary>On a Unix socket the kernel refuses to send, were it nothing, to a peer that has closed, and not to one that has only ended what it sends.</summary>
    public override bool HasPeerGone()
    {
        if (socket.AddressFamily != AddressFamily.Unix) return false;
        try
        {
            socket.Send(ReadOnlySpan<byte>.Empty, SocketFlags.None, out var error);
            return error is not (SocketError.Success or SocketError.WouldBlock);
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    public override void Dispose() => socket.Dispose();
}
