using System.Net.Sockets;
using System.Text;
using Bus.Core;

namespace Bus.Transport.Endpoints;

/// <summary>What the system wants of the path of a Unix socket, and whether somebody listens on it.</summary>
internal static class UnixSocketPath
{
    private const int LongestTemporaryName = 12;

    /// <summary>Bytes that fit into sun_path, which also holds a terminator.</summary>
    public static int Limit => OperatingSystem.IsMacOS() ? 103 : 107;

    /// <summary>Why the path is too long, with what to do; null when it is not.</summary>
    public static string? TooLong(string path)
    {
        var length = Encoding.UTF8.GetByteCount(path);
        return length <= Limit ? null : $"its path '{path}' has {length} bytes, and this system allows {Limit} for a socket. Choose a shorter one.";
    }

    /// <summary>A free name beside the socket, never longer than the limit when the socket's own path is not.</summary>
    public static string TemporaryName(string directory)
    {
        var room = Limit - Encoding.UTF8.GetByteCount(directory) - (directory == "/" ? 0 : 1);
        return Path.Combine(directory, RandomName.Hex(Math.Min(room, LongestTemporaryName)));
    }

    /// <summary>Success when somebody listens. Does not wait: a connect to a Unix socket is decided at once.</summary>
    public static SocketError Probe(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Blocking = false;
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }
}
