using System.Security.Cryptography;
using Bus.Tests.Processes;

namespace Bus.Tests.Interop.Tools;

/// <summary>
/// The NATS clients from npm, installed once beside the copied scripts and kept until package-lock.json changes.
/// </summary>
public sealed class NodeClients : IAsyncLifetime
{
    private const string Hint = "install Node.js 20 or later";

    internal static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Interop", "node");

    internal static string? WhyMissing =>
        Tool.MustExist || (Tool.Find("node") is not null && Tool.Find("npm") is not null) ? null : $"node and npm are not on the PATH: {Hint} to run this test.";

    public async Task InitializeAsync()
    {
        if (WhyMissing is not null) return;
        var hash = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Folder, "package-lock.json"))))[..16];
        var mark = Path.Combine(Folder, "node_modules", $".installed-{hash}");
        if (File.Exists(mark)) return;

        await using var install = ToolProcess.Start(Tool.Require("npm", Hint), ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], directory: Folder);
        var code = await install.ExitAsync(TimeSpan.FromMinutes(2));
        if (code != 0) throw new InvalidOperationException($"'npm ci' failed in {Folder} with code {code}; it needs a reachable npm registry. {install.Errors.Text}");
        await File.WriteAllTextAsync(mark, "");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Starts a script with the client package and the address of the bus as its arguments.</summary>
    internal static NodeScript Run(string script, string package, string server, params string[] arguments) =>
        new(ToolProcess.Start(Tool.Require("node", Hint), [Path.Combine(Folder, script), package, server, .. arguments], directory: Folder));
}
