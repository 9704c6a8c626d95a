using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bus.Transport.Endpoints;

/// <summary>What the safety of a socket file hangs on and .NET does not tell: owner, kind and identity of a file, without following a symbolic link.</summary>
internal readonly record struct UnixFileIdentity(ulong Device, ulong Inode, uint Owner, uint Mode)
{
    private const uint KindMask = 0xF000;

    public bool IsDirectory => (Mode & KindMask) == 0x4000;

    public bool IsSymbolicLink => (Mode & KindMask) == 0xA000;

    public bool IsSocket => (Mode & KindMask) == 0xC000;

    /// <summary>Whether group or others may do anything.</summary>
    public bool IsOpenToOthers => (Mode & 0x3F) != 0;

    /// <summary>The permission bits as people write them: 0700.</summary>
    public string Permissions => "0" + Convert.ToString(Mode & 0x1FF, 8).PadLeft(3, '0');

    public string Kind => (Mode & KindMask) switch
    {
        0x4000 => "a directory",
        0x8000 => "a regular file",
        0xA000 => "a symbolic link",
        0xC000 => "a socket",
        0x1000 => "a named pipe",
        _ => "a device",
    };
}

/// <summary>The system calls that .NET has no API for. Linux and macOS.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class UnixFiles
{
    private const int NoSuchFile = 2; // ENOENT
    private const int NotADirectory = 20; // ENOTDIR
    private const int StatBufferSize = 512; // larger than struct statx and struct stat

    public static uint EffectiveUserId => GetEffectiveUserId();

    /// <summary>The file itself, not what it links to; null when there is none.</summary>
    /// <exception cref="IOException">The system does not tell.</exception>
    public static UnixFileIdentity? Identify(string path)
    {
        Span<byte> buffer = stackalloc byte[StatBufferSize];
        var failed = OperatingSystem.IsLinux() ? Linux.StatX(Linux.CurrentDirectory, path, Linux.DoNotFollow, Linux.BasicFields, ref buffer[0]) : LStat(path, ref buffer[0]);
        if (failed != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error is NoSuchFile or NotADirectory) return null;
            throw new IOException($"The file '{path}' cannot be examined: {Marshal.GetPInvokeErrorMessage(error)}.");
        }

        return OperatingSystem.IsLinux() ? Linux.Read(buffer) : ReadMac(buffer);
    }

    // struct stat with 64-bit inodes: st_dev 0, st_mode 4, st_ino 8, st_uid 16.
    private static UnixFileIdentity ReadMac(ReadOnlySpan<byte> stat) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(stat),
        BinaryPrimitives.ReadUInt64LittleEndian(stat[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(stat[16..]),
        BinaryPrimitives.ReadUInt16LittleEndian(stat[4..]));

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();

    private static int LStat(string path, ref byte buffer) =>
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? LStat64(path, ref buffer) : LStatPlain(path, ref buffer);

    [LibraryImport("libc", EntryPoint = "lstat$INODE64", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int LStat64(string path, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "lstat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int LStatPlain(string path, ref byte buffer);

    /// <summary>statx, not lstat: its structure is the same on all processors.</summary>
    private static partial class Linux
    {
        public const int CurrentDirectory = -100; // AT_FDCWD
        public const int DoNotFollow = 0x100; // AT_SYMLINK_NOFOLLOW
        public const uint BasicFields = 0x7FF; // STATX_BASIC_STATS

        // struct statx: stx_uid 20, stx_mode 28, stx_ino 32, stx_dev_major 136, stx_dev_minor 140.
        public static UnixFileIdentity Read(ReadOnlySpan<byte> statx) => new(
            ((ulong)MemoryMarshal.Read<uint>(statx[136..]) << 32) | MemoryMarshal.Read<uint>(statx[140..]),
            MemoryMarshal.Read<ulong>(statx[32..]),
            MemoryMarshal.Read<uint>(statx[20..]),
            MemoryMarshal.Read<ushort>(statx[28..]));

        [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
        public static partial int StatX(int directory, string path, int flags, uint mask, ref byte buffer);
    }
}
