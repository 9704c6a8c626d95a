using System.Net;
using System.Net.Sockets;

namespace Bus.Tests.Processes;

/// <summary>A real <c>ipcbus serve</c> that is stopped or killed and started again on the same Unix socket and TCP port.</summary>
/// <param name="options">More options for <c>serve</c>.</param>
internal sealed class RestartingDaemon(params string[] options) : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ipcbus-restart-");
    private readonly int _port = FreePort();

    public string Unix => $"unix://{Path.Combine(_directory.FullName, "bus.sock")}";

    public string Tcp => $"tcp://127.0.0.1:{_port}";

    public ToolProcess Process { get; private set; } = null!;

    public string Url(bool tcp) => tcp ? Tcp : Unix;

    public async Task StartAsync()
    {
        Process = ToolProcess.StartIpcBus(["serve", "--listen", Unix, "--listen", Tcp, "--stop-on-eof", .. options]);
        await Process.Output.WaitForAsync("listening on tcp:");
    }

    /// <summary>Stops it in good order.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        await Process.SignalAsync("TERM");
        var code = await Process.ExitAsync();
        await Process.DisposeAsync();
        return code;
    }

    public async Task KillAsync()
    {
        await Process.SignalAsync("KILL");
        await Process.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Process is not null) await Process.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
