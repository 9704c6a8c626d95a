using System.Runtime.InteropServices;
using Bus.Transport.Channels;

namespace Bus.Transport.Endpoints;

/// <summary>Who is at the other end of a socket, as the kernel knows it: nothing that the peer could claim.</summary>
/// <param name="Pid">The process; null where the kernel does not say.</param>
/// <param name="Uid">The user; null where the kernel does not say.</param>
internal readonly record struct PeerCredentials(int? Pid, long? Uid)
{
    // struct ucred of Linux: pid, uid and gid, 32 bits each.
    private const int Size = 12;
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>Only Unix sockets on Linux have them, and pipes, which are such sockets there; nothing is known of all others.</summary>
    public static PeerCredentials Of(BusChannel channel)
    {
        if (!OperatingSystem.IsLinux() || !channel.HasCredentials) return default;
        Span<byte> credentials = stackalloc byte[Size];
        if (channel.GetSocketOption(SolSocket, SoPeerCred, credentials) < Size) return default;
        var pid = MemoryMarshal.Read<int>(credentials);
        // A process of another pid namespace has none here.
        return new PeerCredentials(pid > 0 ? pid : null, MemoryMarshal.Read<uint>(credentials[sizeof(int)..]));
    }
}
