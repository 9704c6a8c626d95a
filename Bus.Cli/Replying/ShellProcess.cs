using System.Diagnostics;
using System.Runtime.InteropServices;
using Bus.Core.Client;

namespace Bus.Cli.Replying;

/// <summary>
/// Starts shell commands in a session of their own, so that one can be killed with all that it started, also what its shell has left behind. Where there is no
/// <c>setsid</c> (macOS, Windows), what a command leaves behind when its shell has ended stays.
/// </summary>
internal static partial class ShellProcess
{
    private const int Kill9 = 9;

    private static readonly string? SetSid = Array.Find(["/usr/bin/setsid", "/bin/setsid"], File.Exists);

    /// <exception cref="RemoteErrorException">It cannot be started.</exception>
    public static Process Start(string command, IEnumerable<KeyValuePair<string, string>> environment)
    {
        string[] shell = OperatingSystem.IsWindows() ? ["cmd.exe", "/c", command] : ["/bin/sh", "-c", command];
        string[] line = SetSid is null ? shell : [SetSid, .. shell];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start) ?? throw new RemoteErrorException($"The command could not be started: {command}", 500, "command-failed");
    }

    /// <summary>Kills the shell and its descendants, then what is left of its session.</summary>
    public static void Kill(Process process)
    {
        // First: as long as the shell is there, its descendants can be found even if they have made themselves a session.
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        // The id is not given to another process while the group has a member.
        if (SetSid is not null) _ = Signal(-process.Id, Kill9);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
