namespace Bus.Tests.Processes;

/// <summary>A real <c>ipcbus serve</c> on a private Unix socket and a free TCP port. It ends with the test process, whatever happens to that.</summary>
public sealed class BusDaemon : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ipcbus-test-");
    private ToolProcess? _process;

    internal ToolProcess Process => _process!;

    /// <summary>The URL of the Unix socket.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The URL of the TCP port.</summary>
    public string TcpUrl { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Url = $"unix://{Path.Combine(_directory.FullName, "bus.sock")}";
        _process = ToolProcess.StartIpcBus("serve", "--listen", Url, "--listen", "tcp://127.0.0.1:0", "--stop-on-eof");
        TcpUrl = (await _process.Output.WaitForAsync("listening on tcp:"))["listening on ".Length..];
    }

    public async Task DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
