using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;

namespace Bus.Transport.Endpoints;

/// <summary>Finds the user's own bus, and where the names of the user's other ones lead. Servers and clients ask the same question and so meet.</summary>
internal static class DefaultEndpoint
{
    /// <summary>Written in place of a URL, it stands for the default.</summary>
    public const string Keyword = "default";

    public const string UrlVariable = "IPCBUS_URL";
    public const string DirectoryVariable = "IPCBUS_DIR";
    private const string RuntimeDirectoryVariable = "XDG_RUNTIME_DIR";
    private const string OwnName = "ipcbus";

    public static bool TryChoose(Func<string, string?> environment, [NotNullWhen(true)] out BusEndpoint? endpoint, [NotNullWhen(false)] out string? error)
    {
        if (environment(UrlVariable) is not { Length: > 0 } url || url == Keyword) return TryName(new EndpointName(Domain: null, OwnName), environment, out endpoint, out error);
        endpoint = EndpointUrl.Parse(url, environment, out var problem);
        error = endpoint is null ? $"Environment variable {UrlVariable}: {problem}" : null;
        return endpoint is not null;
    }

    /// <summary>Where a name leads: to a socket in the user's directory, or to a pipe that carries the user's name, because on Windows all users share one space of names.</summary>
    public static bool TryName(EndpointName name, Func<string, string?> environment, [NotNullWhen(true)] out BusEndpoint? endpoint, [NotNullWhen(false)] out string? error)
    {
        endpoint = null;
        error = null;
        if (OperatingSystem.IsWindows()) endpoint = new BusEndpoint(name.OfUser(Environment.UserName), path: null);
        else if (TryFile($"{name.FileName}.sock", environment, out var path, out error)) endpoint = new BusEndpoint(path);
        return endpoint is not null;
    }

    /// <summary>Where a pipe leads: on Windows to itself, elsewhere to a socket in the user's directory, as .NET maps them, but not in the temporary directory that all users share.</summary>
    public static bool TryPipe(EndpointName name, Func<string, string?> environment, [NotNullWhen(true)] out BusEndpoint? endpoint, [NotNullWhen(false)] out string? error)
    {
        endpoint = null;
        error = null;
        if (OperatingSystem.IsWindows()) endpoint = new BusEndpoint(name, path: null);
        else if (TryFile($"{name.FileName}.pipe", environment, out var path, out error)) endpoint = new BusEndpoint(name, path);
        return endpoint is not null;
    }

    /// <summary>Whether a directory is one that this class chooses by itself. Such a directory must be private; one that the user chose is the user's business.</summary>
    [UnsupportedOSPlatform("windows")]
    public static bool IsDefaultDirectory(string directory) => directory == OwnDirectory(Environment.GetEnvironmentVariable) || directory == TemporaryDirectory;

    [UnsupportedOSPlatform("windows")]
    private static string TemporaryDirectory => $"/tmp/ipcbus-{UnixFiles.EffectiveUserId}";

    [UnsupportedOSPlatform("windows")]
    private static bool TryFile(string name, Func<string, string?> environment, [NotNullWhen(true)] out string? path, [NotNullWhen(false)] out string? error)
    {
        path = null;
        error = null;
        if (environment(DirectoryVariable) is not { Length: > 0 } directory) path = Path.Combine(OwnDirectory(environment), name);
        else if (directory[0] == '/') path = Path.Combine(directory.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/", name);
        else error = $"Environment variable {DirectoryVariable}: the directory '{directory}' is not absolute. Write its whole path, beginning with a slash.";
        return path is not null;
    }

    [UnsupportedOSPlatform("windows")]
    private static string OwnDirectory(Func<string, string?> environment) =>
        environment(RuntimeDirectoryVariable) is { Length: > 0 } directory && directory[0] == '/' && PrivateDirectory.Problem(directory) is null
            ? directory.TrimEnd('/')
            : TemporaryDirectory;
}
