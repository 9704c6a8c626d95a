using Bus.Benchmarks.Compare.Loads;

namespace Bus.Benchmarks.Compare.Servers;

/// <summary>The programs of a comparison: built from this source tree, but for nats-server.</summary>
internal sealed record Tools(string IpcBus, string NatsLoad, string Floor, string Scratch) : IDisposable
{
    public const string NatsServer = "nats-server";

    /// <summary>How long one run of a load may last.</summary>
    public static TimeSpan LoadLimit { get; } = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(5);

    /// <summary>Builds what has to be built.</summary>
    /// <param name="root">The folder of IpcBus.sln.</param>
    /// <param name="ipcbus">An ipcbus.dll to measure instead of this source tree's.</param>
    /// <param name="say">Gets a line about each step.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Tools> BuildAsync(string root, string? ipcbus, Action<string> say, CancellationToken cancellationToken)
    {
        var native = Path.Combine(root, "artifacts", "native");
        Directory.CreateDirectory(native);
        foreach (var name in (string[])["natsload", "floor"])
        {
            var source = Path.Combine(root, "Bus.Benchmarks", "native", $"{name}.c");
            var binary = Path.Combine(native, name);
            if (File.Exists(binary) && File.GetLastWriteTimeUtc(binary) > File.GetLastWriteTimeUtc(source)) continue;
            say($"cc -O2 -pthread {name}.c");
            await BuildAsync("cc", ["-O2", "-pthread", "-o", binary, source], "a C compiler is needed (Debian: apt-get install gcc libc6-dev)", cancellationToken);
        }

        if (ipcbus is null)
        {
            // As a user starts it: the script builds what is not there, ahead of time where that can be had.
            say("./ipcbus --version");
            await BuildAsync("sh", [Path.Combine(root, "ipcbus"), "--version"], "fix the build first", cancellationToken);
        }

        var server = ipcbus ?? Path.Combine(root, "artifacts", "ipcbus", "ipcbus.dll");
        if (!File.Exists(server)) throw new LoadFailedException($"There is no {server}; --server takes the path of an ipcbus.dll.");
        return new Tools(Path.GetFullPath(server), Path.Combine(native, "natsload"), Path.Combine(native, "floor"), Directory.CreateTempSubdirectory("ipcbus-bench-").FullName);
    }

    /// <summary>The version line of nats-server, or null when there is none.</summary>
    public static async Task<string?> NatsServerVersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            var output = await ChildProcess.RunAsync(NatsServer, ["--version"], BuildLimit, cancellationToken);
            return output.ExitCode == 0 ? output.Text.Trim() : null;
        }
        catch (LoadFailedException)
        {
            return null;
        }
    }

    public void Dispose() => Directory.Delete(Scratch, true);

    private static async Task BuildAsync(string file, string[] arguments, string hint, CancellationToken cancellationToken)
    {
        var output = await ChildProcess.RunAsync(file, arguments, BuildLimit, cancellationToken);
        if (output.ExitCode != 0) throw new LoadFailedException($"{file} {string.Join(' ', arguments)} failed; {hint}.\n{output.Text}{output.Errors}");
    }
}
