using System.Diagnostics;
using System.Globalization;
using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;

namespace Bus.Tests.EndToEnd;

/// <summary>Tests with a daemon of their own, a real <c>ipcbus serve</c> that can be killed and started again, and with other real processes.</summary>
/// <param name="url">Where it listens, as a user would write it.</param>
/// <param name="options">More options for <c>serve</c>.</param>
public abstract class DaemonContract(string url, params string[] options) : IAsyncLifetime
{
    /// <summary>For calls that are not to end because of their own timeout.</summary>
    protected static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ipcbus-daemon-");

    /// <summary>A folder for this test alone, in which the sockets of named buses are too.</summary>
    protected string Folder => _directory.FullName;

    protected BusEndpoint Endpoint => BusEndpoint.Parse(url, Folder);

    /// <summary>Where the processes connect. If that is elsewhere, the daemon listens there too.</summary>
    protected virtual string ProcessUrl => url;

    private protected ToolProcess Daemon { get; private set; } = null!;

    public Task InitializeAsync() => StartDaemonAsync();

    public async Task DisposeAsync()
    {
        await Daemon.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    protected async Task KillDaemonAsync()
    {
        await Daemon.SignalAsync("KILL");
        await Daemon.DisposeAsync();
    }

    protected async Task StartDaemonAsync()
    {
        Daemon = StartIpcBus(["serve", "--listen", url, .. ProcessUrl == url ? (string[])[] : ["--listen", ProcessUrl], "--stop-on-eof", .. options]);
        await Daemon.Output.WaitForAsync("listening on");
    }

    /// <summary>A client that comes back quickly.</summary>
    protected Task<IBus> ConnectAsync(string? name = null) => ConnectAsync(new BusClientOptions { Name = name });

    /// <summary>A client that comes back quickly.</summary>
    protected Task<IBus> ConnectAsync(BusClientOptions options) => BusClient.ConnectAsync(Endpoint, options with { ReconnectMinDelay = TimeSpan.FromMilliseconds(5), ReconnectMaxDelay = TimeSpan.FromMilliseconds(20) }).Guard();

    private Dictionary<string, string> Environment => new() { ["IPCBUS_DIR"] = Folder, ["IPCBUS_URL"] = ProcessUrl };

    private protected ToolProcess StartIpcBus(params string[] arguments) => Start(ToolProcess.IpcBus, arguments);

    /// <summary>A process that talks to this bus, unless it is told of another.</summary>
    private protected ToolProcess Start(string program, params string[] arguments) => ToolProcess.Start(program, arguments, Environment);

    /// <summary>A command that goes on until it is told to end, when it is ready.</summary>
    private protected async Task<ToolProcess> StartReadyAsync(string says, params string[] arguments)
    {
        var process = StartIpcBus(arguments);
        await process.Errors.WaitForAsync(says);
        return process;
    }

    /// <summary>The same, and nobody reads what it prints until the test uses its output.</summary>
    private protected async Task<ToolProcess> StartUnreadAsync(string says, params string[] arguments)
    {
        var process = ToolProcess.Start(ToolProcess.IpcBus, arguments, Environment, isRead: false);
        await process.Errors.WaitForAsync(says);
        return process;
    }

    /// <summary>A responder that takes requests and never answers them.</summary>
    private protected Task<ToolProcess> StartSilentResponderAsync(string topic) => StartReadyAsync(topic, "reply", topic, "--exec", "echo \"got it: $$\" >&2; exec sleep 1000");

    /// <summary>Kills such a responder when it has a request, and the command that it runs for it.</summary>
    private protected static async Task KillWithItsRequestAsync(ToolProcess responder)
    {
        var command = await responder.Errors.WaitForAsync("got it: ");
        using var orphan = Process.GetProcessById(int.Parse(command["got it: ".Length..], CultureInfo.InvariantCulture));
        await responder.SignalAsync("KILL");
        orphan.Kill();
    }
}
