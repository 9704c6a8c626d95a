using System.Runtime.Versioning;

namespace Bus.Transport.Endpoints;

/// <summary>
/// A directory that nobody else can enter. That is what keeps others from putting their own socket where ours is expected; the mode of a socket alone does not.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static class PrivateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates the directory for the owner only if it is missing. Missing parents get the usual mode.</summary>
    public static void Create(string directory) => Directory.CreateDirectory(directory, OwnerOnly);

    /// <summary>Why the directory is not private, with what to do; null when it is.</summary>
    public static string? Problem(string directory)
    {
        // With a slash at its end the path would be resolved through a symbolic link.
        var path = directory.Length > 1 ? directory.TrimEnd('/') : directory;
        if (UnixFiles.Identify(path) is not { } found) return $"The directory '{path}' does not exist. Create it with mode 0700.";
        if (found.IsSymbolicLink) return $"'{path}' is a symbolic link, which somebody else may redirect. Remove it, or choose another directory.";
        if (!found.IsDirectory) return $"'{path}' is {found.Kind}, not a directory. Remove it, or choose another directory.";

        var user = UnixFiles.EffectiveUserId;
        if (found.Owner != user) return $"The directory '{path}' belongs to user {found.Owner}, not to us (user {user}). Choose another directory.";
        return found.IsOpenToOthers ? $"The directory '{path}' has mode {found.Permissions}: others may enter it. Run 'chmod 700 {path}'." : null;
    }
}
