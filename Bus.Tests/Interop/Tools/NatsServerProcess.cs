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

    private static async Task InstallAsync()
    {
        await using var apt = ToolProcess.Start("apt-get", ["install", "--yes", "--no-install-recommends", Program]);
        var code = await apt.ExitAsync(TimeSpan.FromMinutes(2));
        if (code != 0) throw new InvalidOperationException($"apt-get could not install {Program} (code {code}): {apt.Errors.Text}");
    }
}
