using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Bus.Benchmarks.Compare.Loads;
using Bus.Benchmarks.Compare.Scenarios;

namespace Bus.Benchmarks.Compare.Servers;

/// <summary>A server in a process of its own, started as a user would start it, and killed when disposed.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly int _port;
    private readonly string _socket;
    private readonly Task _drained;

    private ServerProcess(Process process, int port, string socket)
    {
        (_process, _port, _socket) = (process, port, socket);
        _drained = Task.WhenAll(process.StandardOutput.BaseStream.CopyToAsync(Stream.Null), process.StandardError.BaseStream.CopyToAsync(Stream.Null));
    }

    public int Id => _process.Id;

    /// <summary>From the start of the process until it answered a PING over TCP.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    /// <summary>As natsload has it.</summary>
    public string Address(Over over) => over == Over.Tcp ? $"tcp:127.0.0.1:{_port}" : $"unix:{_socket}";

    /// <summary>VmRSS of /proc.</summary>
    public long ResidentKiB()
    {
        var line = File.ReadLines($"/proc/{Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Starts a server on a free port and a socket of its own, and waits until it answers.</summary>
    /// <exception cref="LoadFailedException">It ended, or did not answer in time.</exception>
    public static async Task<ServerProcess> StartAsync(ServerKind kind, Tools tools, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var socket = Path.Combine(tools.Scratch, $"{kind}-{port}.sock");
        var (file, arguments) = Command(kind, tools, port, socket);
        var start = Stopwatch.GetTimestamp();
        var server = new ServerProcess(ChildProcess.Start(file, arguments), port, socket);
        try
        {
            await ReadyProbe.WaitAsync(new IPEndPoint(IPAddress.Loopback, port), server._process, cancellationToken);
            server.ReadyAfter = Stopwatch.GetElapsedTime(start);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ChildProcess.KillAsync(_process);
        await _drained;
        _process.Dispose();
        File.Delete(_socket);
        File.Delete($"{_socket}.lock");
    }

    private static (string File, string[] Arguments) Command(ServerKind kind, Tools tools, int port, string socket) => kind switch
    {
        ServerKind.IpcBus => ("dotnet", [tools.IpcBus, "serve", "--listen", $"tcp://127.0.0.1:{port}", "--listen", $"unix://{socket}"]),
        ServerKind.NatsServer => (Tools.NatsServer, ["--addr", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture)]),
        ServerKind.Floor => (tools.Floor, [port.ToString(CultureInfo.InvariantCulture), socket]),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static int FreePort()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }
}
