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
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
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
        var path = endpoint.Path!;
        if (UnixSocketPath.TooLong(path) is { } tooLong) throw Cannot(endpoint, tooLong);
        FileStream? fileLock = null;
        try
        {
            var directory = Path.GetDirectoryName(path)!;
            if (!Directory.Exists(directory)) PrivateDirectory.Create(directory);
            if (requirePrivateDirectory && PrivateDirectory.Problem(directory) is { } problem) throw Cannot(endpoint, problem);

            // Before the lock too: a mistyped path such as /etc/passwd must not get a lock file, which other programs may take for theirs.
            RefuseUnlessSocket(endpoint);
            fileLock = UnixSocketLock.Take(endpoint);
            RefuseUnlessFree(endpoint);
            return new UnixSocketListener(endpoint, BindInPlace(path, directory), fileLock);
        }
        catch (Exception e)
        {
            fileLock?.Dispose();
            throw e switch
            {
                BusEndpointException => e,
                UnauthorizedAccessException => Cannot(endpoint, $"this user may not write there ({e.Message}) Choose another path, or change the directory's permissions.", e),
                IOException or SocketException => Cannot(endpoint, e.Message, e),
                _ => e,
            };
        }
    }

    public async ValueTask<BusChannel> AcceptAsync(CancellationToken cancellationToken) => new SocketChannel(await Accepting.NextAsync(_socket, cancellationToken));

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return ValueTask.CompletedTask;
        try
        {
            // Somebody may have removed the file and bound another: that one is not ours to remove.
            if (_identity is not null && UnixFiles.Identify(Endpoint.Path!) == _identity) File.Delete(Endpoint.Path!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The directory is gone or was taken from us. The next starter's probe finds the file stale.
        }

        _socket.Dispose();
        return _lock.DisposeAsync();
    }

    /// <returns>Whether there is a file.</returns>
    private static bool RefuseUnlessSocket(BusEndpoint endpoint)
    {
        if (UnixFiles.Identify(endpoint.Path!) is not { } found) return false;
        return found.IsSocket ? true : throw Cannot(endpoint, $"'{endpoint.Path}' exists and is {found.Kind}, not a socket; it is left alone. Remove it, or choose another path.");
    }

    private static void RefuseUnlessFree(BusEndpoint endpoint)
    {
        if (!RefuseUnlessSocket(endpoint)) return;
        switch (UnixSocketPath.Probe(endpoint.Path!))
        {
            case SocketError.Success or SocketError.WouldBlock: // WouldBlock: somebody listens, with a full queue
                throw Cannot(endpoint, "the address is in use, a server answers there. Stop it, or choose another path.");
            case SocketError.ConnectionRefused or SocketError.AddressNotAvailable:
                return; // stale, or removed meanwhile
            case var unclear:
                throw Cannot(endpoint, $"whether a server still uses the socket cannot be told ({unclear}). If none does, remove the file.");
        }
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
                File.SetUnixFileMode(temporary, OwnerOnly);
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

    private static BusEndpointException Cannot(BusEndpoint endpoint, string why, Exception? inner = null) => new(endpoint, $"Cannot listen on {endpoint}: {why}", inner);
}
