using Bus.Cli.Execution;

namespace Bus.Cli.Demo;

/// <summary>A real text to stream.</summary>
internal static class DemoFile
{
    private static readonly string[] Candidates =
    [
        "/usr/share/common-licenses/GPL-3", "/usr/share/dict/words", "/usr/share/licenses/common/GPL3/license.txt", "/usr/share/cracklib/cracklib-small", "/etc/services",
        @"C:\Windows\System32\drivers\etc\services",
    ];

    /// <exception cref="FailureException">There is none.</exception>
    public static FileInfo Find() =>
        Candidates.Concat(Directory.EnumerateFiles(AppContext.BaseDirectory, "*.xml")).Select(path => new FileInfo(path)).FirstOrDefault(IsUsable)
        ?? throw new FailureException("no text file to stream was found on this machine: name one with --file.");

    private static bool IsUsable(FileInfo file)
    {
        try
        {
            if (!file.Exists || file.Length < 1024) return false;
            using var stream = file.OpenRead();
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
