using System.Globalization;
using System.Runtime.Versioning;
using System.Text;

namespace Bus.Transport.Endpoints;

/// <summary>The exclusive lock beside a socket. The system releases it when its holder dies, however it dies.</summary>
[UnsupportedOSPlatform("windows")]
internal static class UnixSocketLock
{
    /// <summary>Takes the lock without waiting; disposing the stream releases it.</summary>
    public static FileStream Take(BusEndpoint endpoint)
    {
        var path = endpoint.Path + ".lock";
        if (UnixFiles.Identify(path) is { IsSymbolicLink: true })
        {
            throw new BusEndpointException(endpoint, $"Cannot listen on {endpoint}: '{path}' is a symbolic link, which somebody else may redirect. Remove it, or choose another path.");
        }

        FileStream held;
        try
        {
            // FileShare.None is flock(LOCK_EX | LOCK_NB) here.
            held = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (IOException e) when (e.GetType() == typeof(IOException))
        {
            throw new BusEndpointException(
                endpoint, $"Cannot listen on {endpoint}: the address is in use, another server holds the lock '{path}' (its process id is in that file). Stop it, or choose another path.", e);
        }

        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BusEndpointException(endpoint, $"Cannot listen on {endpoint}: the lock file '{path}' cannot be made ({e.Message}). Choose a path in a directory where this user may create files.", e);
        }

        // For people only: .NET could not read it while the lock is held.
        held.SetLength(0);
        held.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        held.Flush();
        return held;
    }
}
