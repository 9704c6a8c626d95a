using System.Runtime.Versioning;

namespace Bus.Transport.Endpoints;

/// <summary>Finds the user's own bus. Servers and clients ask the same question and so meet.</summary>
internal static class DefaultEndpoint
{
    public const string UrlVariable = "IPCBUS_URL";
    private const string RuntimeDirectoryVariable = "XDG_RUNTIME_DIR";
    private const string SocketName = "ipcbus.sock";

    public static BusEndpoint Choose(Func<string, string?> environment)
    {
        if (environment(UrlVariable) is { Length: > 0 } url)
        {
            return BusEndpoint.TryParse(url, out var given, out var error) ? given : throw new FormatException($"Environment variable {UrlVariable}: {error}");
        }

        if (OperatingSystem.IsWindows()) return new BusEndpoint("127.0.0.1", BusEndpoint.DefaultPort);
        return new BusEndpoint(Path.Combine(Directory(environment), SocketName));
    }

    /// <summary>Whether a directory is one that this class chooses by itself. Such a directory must be private; one that the user chose is the user's business.</summary>
    [UnsupportedOSPlatform("windows")]
    public static bool IsDefaultDirectory(string directory) => directory == Directory(Environment.GetEnvironmentVariable) || directory == TemporaryDirectory;

    [UnsupportedOSPlatform("windows")]
    private static string TemporaryDirectory => $"/tmp/ipcbus-{UnixFiles.EffectiveUserId}";

    [UnsupportedOSPlatform("windows")]
    private static string Directory(Func<string, string?> environment) =>
        environment(RuntimeDirectoryVariable) is { Length: > 0 } directory && directory[0] == '/' && PrivateDirectory.Problem(directory) is null
            ? directory.TrimEnd('/')
            : TemporaryDirectory;
}
