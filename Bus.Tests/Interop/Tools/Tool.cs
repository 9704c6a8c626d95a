namespace Bus.Tests.Interop.Tools;

/// <summary>Finds programs that the tests need and that do not come with the source.</summary>
internal static class Tool
{
    /// <summary>On CI a missing tool is a failure, not a skipped test.</summary>
    public static bool MustExist => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether system packages may be installed here.</summary>
    public static bool CanInstallPackages => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Find("apt-get") is not null;

    /// <summary>The program's file, or null.</summary>
    public static string? Find(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] names = OperatingSystem.IsWindows() ? [name + ".exe", name + ".cmd"] : [name];
        return folders.Append("/usr/sbin").SelectMany(folder => names.Select(file => Path.Combine(folder, file))).FirstOrDefault(File.Exists);
    }

    public static string Require(string name, string hint) =>
        Find(name) ?? throw new InvalidOperationException($"'{name}' is not on the PATH, and this test needs it: {hint}.");
}
