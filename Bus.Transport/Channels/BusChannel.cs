namespace Bus.Transport.Channels;

/// <summary>
/// One connection's bytes in both directions, over a socket or a pipe. The calls are one per read and one per send, each of which brings many messages; what a kind of
/// channel does best (a gather write, a wait without memory) stays its own business behind them.
/// </summary>
internal abstract class BusChannel : IDisposable
{
    /// <summary>Receives what is there, or waits for it. With no room at all it waits until something can be read, where the system can do that; otherwise it returns at once.</summary>
    /// <returns>How many bytes came; 0 when the peer has closed.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">The connection broke, or was disposed.</exception>
    /// <exception cref="IOException">The connection broke, or was disposed.</exception>
    /// <exception cref="ObjectDisposedException">The channel is disposed.</exception>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> room, CancellationToken cancellationToken = default);

    /// <summary>The sending end. There is one.</summary>
    /// <param name="completed">Told the outcome of a send that had to wait, from any thread.</param>
    public abstract IChannelSender CreateSender(Action<System.Net.Sockets.SocketError> completed);

    /// <summary>Tells the peer that nothing more comes, and goes on receiving what it still says.</summary>
    /// <returns>False when the connection is broken, or of a kind that can only be closed as a whole.</returns>
    public abstract bool TryEndSending();

    /// <summary>Says this in one small write, which the empty buffer of a new connection takes at once, and closes.</summary>
    public abstract void Refuse(ReadOnlyMemory<byte> line);

    /// <summary>Reads an option of the socket beneath, as getsockopt does.</summary>
    /// <returns>How many bytes the value has; 0 when there is no such socket or option, or the connection is gone.</returns>
    public abstract int GetSocketOption(int level, int name, Span<byte> value);

    /// <summary>Whether the kernel knows who is at the other end (SO_PEERCRED).</summary>
    public abstract bool HasCredentials { get; }

    /// <summary>Whether something has come that is not received yet. Of a pipe that cannot be told: false.</summary>
    public virtual bool HasUnread => false;

    /// <summary>Lets the system find out when a peer on another machine is gone without a word.</summary>
    public virtual void KeepAlive()
    {
    }

    /// <summary>Whether the peer, which sends nothing more, is known to be gone altogether: then there is nobody to answer. As a rule that shows when something is sent to it.</summary>
    public virtual bool HasPeerGone() => false;

    /// <summary>The bus has let the peer in, under this name. As a rule nobody has to be told.</summary>
    public virtual void Joined(string name)
    {
    }

    /// <summary>Closes the connection. What is still waiting on it ends.</summary>
    public abstract void Dispose();
}
