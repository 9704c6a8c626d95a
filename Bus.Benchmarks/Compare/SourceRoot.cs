namespace Bus.Benchmarks.Compare;

/// <summary>The folder of IpcBus.sln: the runner builds what it measures.</summary>
internal static class SourceRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "IpcBus.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"There is no IpcBus.sln above {AppContext.BaseDirectory}: the benchmarks run from the source tree only.");
    }
}
