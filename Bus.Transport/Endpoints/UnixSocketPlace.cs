using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Bus.Transport.Endpoints;

/// <summary>The path at which a server wants to listen, made its own: nobody else may listen there, or may be about to.</summary>
[UnsupportedOSPlatform("windows")]
internal static class UnixSocketPlace
{
    /// <summary>The mode of a socket file.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Takes the lock beside the path and makes sure that nobody listens there. Disposing the stream gives the place up.</summary>
    /// <param name="endpoint">The path.</param>
    /// <param name="requirePrivateDirectory">Refuse a directory that is not the owner's alone. A missing one is created that way in any case.</param>
    public static FileStream Take(BusEndpoint endpoint, bool requirePrivateDirectory)
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
            return fileLock;
        }
        catch (Exception e)
        {
            fileLock?.Dispose();
            throw Explained(endpoint, e);
        }
    }

    /// <summary>Removes the socket file if it is still the one that this server made.</summary>
    public static void Leave(BusEndpoint endpoint, UnixFileIdentity? own)
    {
        try
        {
            // Somebody may have removed the file and bound another: that one is not ours to remove.
            if (own is not null && UnixFiles.Identify(endpoint.Path!) == own) File.Delete(endpoint.Path!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The directory is gone or was taken from us. The next starter's probe finds the file stale.
        }
    }

    /// <summary>The error in words.</summary>
    public static Exception Explained(BusEndpoint endpoint, Exception e) => e switch
    {
        BusEndpointException => e,
        UnauthorizedAccessException => Cannot(endpoint, $"this user may not write there ({e.Message}) Choose another path, or change the directory's permissions.", e),
        IOException or SocketException => Cannot(endpoint, e.Message, e),
        _ => e,
    };

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
            case SocketError.ProtocolType:
                throw Cannot(endpoint, "a socket of another kind (for datagrams, say) is there; it is left alone. Remove it, or choose another path.");
            case var unclear:
                throw Cannot(endpoint, $"whether a server still uses the socket cannot be told ({unclear}). If none does, remove the file.");
        }
    }

    private static BusEndpointException Cannot(BusEndpoint endpoint, string why, Exception? inner = null) => new(endpoint, $"Cannot listen on {endpoint}: {why}", inner);
}
