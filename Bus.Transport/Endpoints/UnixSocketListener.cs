using System.Net.Sockets;
using System.Runtime.Versioning;
using Bus.Transport.Channels;

namespace Bus.Transport.Endpoints;

/// <summary>
/// Listens on a Unix socket that only its owner can reach. A lock on <c>&lt;path&gt;.lock</c> is held from before the probe until after the removal, so of two starters one
/// wins. The socket is bound under a temporary name, closed to others and listening before it is renamed into place: whoever sees the path can connect, and a stale file is
/// replaced in one step. The lock file stays behind, because removing it would let two starters hold locks on two files of the same name.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixSocketListener : IBusListener
{
    private const int NameAttempts = 16;

    private readonly Socket _socket;
    private readonly FileStream _lock;
    private readonly UnixFileIdentity? _identity;
    private int _isDisposed;

    private UnixSocketListener(BusEndpoint endpoint, Socket socket, FileStream fileLock)
    {
        Endpoint = endpoint;
        _socket = socket;
        _lock = fileLock;
        _identity = UnixFiles.Identify(endpoint.Path!);
    }

    public BusEndpoint Endpoint { get; }

    /// <param name="endpoint">The path to bind.</param>
    /// <param name="requirePrivateDirectory">Refuse a directory that is not the owner's alone. A missing one is created that way in any case.</param>
    public static UnixSocketListener Bind(BusEndpoint endpoint, bool requirePrivateDirectory)
    {
        var fileLock = UnixSocketPlace.Take(endpoint, requirePrivateDirectory);
        try
        {
            return new UnixSocketListener(endpoint, BindInPlace(endpoint.Path!, Path.GetDirectoryName(endpoint.Path!)!), fileLock);
        }
        catch (Exception e)
        {
            fileLock.Dispose();
            throw UnixSocketPlace.Explained(endpoint, e);
        }
    }

    public async ValueTask<BusChannel> AcceptAsync(CancellationToken cancellationToken) => new SocketChannel(await Accepting.NextAsync(_socket, cancellationToken));

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return ValueTask.CompletedTask;
        UnixSocketPlace.Leave(Endpoint, _identity);
        _socket.Dispose();
        return _lock.DisposeAsync();
    }

    private static Socket BindInPlace(string path, string directory)
    {
        for (var attempt = 1; ; attempt++)
        {
            var temporary = UnixSocketPath.TemporaryName(directory);
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Bind(new UnixDomainSocketEndPoint(temporary));
                File.SetUnixFileMode(temporary, UnixSocketPlace.OwnerOnly);
                socket.Listen();
                File.Move(temporary, path, overwrite: true);
                return socket;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && attempt < NameAttempts)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose(); // .NET removes the file under the name that was bound
                throw;
            }
        }
    }
}
