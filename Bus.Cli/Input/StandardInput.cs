using System.Runtime.InteropServices;

namespace Bus.Cli.Input;

/// <summary>What the caller gave as stdin.</summary>
/// <remarks>
/// A caller that gives none (<c>&lt;&amp;-</c>) leaves descriptor 0 free, and the first pipe of the .NET runtime gets it: a read from that never ends. It can be told
/// apart: the runtime's descriptors are closed on exec, one that came through exec cannot be.
/// </remarks>
internal static partial class StandardInput
{
    private const int Descriptor = 0;
    private const int GetDescriptorFlags = 1;
    private const int CloseOnExec = 1;

    /// <summary>Whether there is none.</summary>
    public static bool IsClosed => !OperatingSystem.IsWindows() && FileControl(Descriptor, GetDescriptorFlags) is < 0 or CloseOnExec;

    /// <exception cref="IOException">There is none.</exception>
    public static Stream Open()
    {
        if (IsClosed) throw new IOException("stdin is closed (<&-), so that nothing can be read from it: give the payload as an argument or with --file, or redirect stdin (</dev/null for an empty one).");
        return Console.OpenStandardInput();
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int FileControl(int descriptor, int command);
}
