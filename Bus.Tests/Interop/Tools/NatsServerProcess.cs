using Bus.Tests.Processes;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Interop.Tools;

/// <summary>A real nats-server on a port that it chose itself, for the tests of one class.</summary>
public sealed class NatsServerProcess : IAsyncLifetime
{
    private const string Program = "nats-server";
    private const string Listening = "Listening for client connections on ";

    private ToolProcess? _server;

    internal static string? WhyMissing =>
        Tool.MustExist || Tool.CanInstallPackages || Tool.Find(Program) is not null ? null : "nats-server is not on the PATH: install it (apt-get install nats-server) to run this test.";

    internal BusEndpoint Endpoint { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (WhyMissing is not null) return;
        if (Tool.Find(Program) is null && Tool.CanInstallPackages) await InstallAsync();
        _server = ToolProcess.Start(Tool.Require(Program, "apt-get install nats-server"), ["--addr", "127.0.0.1", "--port", "-1"]);
        await _server.Errors.WaitForAsync("Server is ready");
        var line = await _server.Errors.WaitForAsync(Listening);
        Endpoint = BusEndpoint.Parse("tcp://" + line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..]);
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    /// <summary>A machine that has never asked for the list of packages knows none: the list is fetched when the first try fails.</summary>
    private static async Task InstallAsync()
    {
        if (await AptAsync("install", "--yes", "--no-install-recommends", Program) is null) return;
        var listError = await AptAsync("update");
        if (await AptAsync("install", "--yes", "--no-install-recommends", Program) is { } error)
            throw new InvalidOperationException($"apt-get could not install {Program}: {error} {listError}");
    }

    /// <returns>What apt-get said when it failed, or null.</returns>
    private static async Task<string?> AptAsync(params string[] arguments)
    {
        await using var apt = ToolProcess.Start("apt-get", arguments);
        return await apt.ExitAsync(TimeSpan.FromMinutes(3)) == 0 ? null : apt.Errors.Text;
    }
}
