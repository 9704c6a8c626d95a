namespace Bus.Tests.Architecture;

/// <summary>The source files of the repository, as text.</summary>
internal static class SourceTree
{
    private static readonly string[] Left = ["artifacts", "bin", "obj", "node_modules", ".git"];

    /// <summary>Where the solution is. Not by the path of a source file: a deterministic build (CI=true) replaces those.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Every C# file below a folder of the repository, without what builds leave there.</summary>
    public static IEnumerable<SourceFile> Files(string folder)
    {
        var pending = new Stack<string>([Path.Combine(Root, folder)]);
        while (pending.TryPop(out var directory))
        {
            foreach (var file in Directory.EnumerateFiles(directory, "*.cs")) yield return new SourceFile(Path.GetRelativePath(Root, file), File.ReadAllLines(file));
            foreach (var child in Directory.EnumerateDirectories(directory).Where(d => !Left.Contains(Path.GetFileName(d)))) pending.Push(child);
        }
    }

    private static string FindRoot(string directory) =>
        File.Exists(Path.Combine(directory, "IpcBus.sln"))
            ? directory
            : FindRoot(Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds IpcBus.sln."));
}

internal sealed record SourceFile(string Name, string[] Lines)
{
    /// <summary>The folders between the repository's root and the file: the project first.</summary>
    public string[] Folders => Path.GetDirectoryName(Name)!.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
}
