using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Bus.Tests.Processes;

/// <summary>
/// A real process under test. Its output is read from the start, unless that is not wanted, as bytes; what it says can be waited for, and every wait ends when the process does.
/// Disposing it kills it by its id if it still runs.
/// </summary>
internal sealed class ToolProcess : IAsyncDisposable
{
    // With forty others that want a processor, two starts have been seen to take 30 s.
    public static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Lazy<OutputCapture> _output;
    private bool _disposed;

    private ToolProcess(Process process, bool isRead)
    {
        _process = process;
        _output = new Lazy<OutputCapture>(() => new OutputCapture(process.StandardOutput.BaseStream));
        if (isRead) _ = _output.Value;
        Errors = new OutputCapture(process.StandardError.BaseStream);
    }

    /// <summary>What it writes to stdout; of a process that was started to be unread, from the first use on.</summary>
    public OutputCapture Output => _output.Value;

    public OutputCapture Errors { get; }

    public Stream Input => _process.StandardInput.BaseStream;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The apphost of <c>ipcbus</c>, which the build puts next to the tests.</summary>
    public static string IpcBus => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "ipcbus.exe" : "ipcbus");

    public static ToolProcess StartIpcBus(params string[] arguments) => Start(IpcBus, arguments);

    public static ToolProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? directory = null, bool isRead = true)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };
        // An apphost looks for the runtime in a few fixed places; the tests may run on one that is elsewhere.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new ToolProcess(Process.Start(start)!, isRead);
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await Input.WriteAsync(bytes);
        await Input.FlushAsync();
    }

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Sends a signal by name, such as INT, TERM or KILL.</summary>
    public async Task SignalAsync(string signal)
    {
        // The shell's built-in: a kill program need not be installed.
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Stops it where it is (SIGSTOP), and waits until none of its threads runs any more: the signal takes a moment to reach all of them.</summary>
    public async Task FreezeAsync()
    {
        await SignalAsync("STOP");
        if (OperatingSystem.IsLinux()) await Eventually.HoldsAsync(() => Directory.EnumerateDirectories($"/proc/{Id}/task").All(IsStopped), () => $"Process {Id} does not stop.");
    }

    /// <summary>
    /// Interrupts it as Ctrl-C does. A test run in the background of a shell without job control ignores SIGINT, its children inherit that, and
    /// rightly stay deaf to it: then it is SIGTERM.
    /// </summary>
    /// <returns>The exit code of a command that was cut off by it.</returns>
    public async Task<int> InterruptAsync()
    {
        await SignalAsync(IsInterruptIgnored ? "TERM" : "INT");
        return IsInterruptIgnored ? 143 : 130;
    }

    // The state stands behind the name, which is in parentheses and may hold others.
    private static bool IsStopped(string task) => File.ReadAllText(Path.Combine(task, "stat")) is var stat && stat[(stat.LastIndexOf(')') + 2)..].StartsWith('T');

    private static bool IsInterruptIgnored =>
        OperatingSystem.IsLinux() && (Convert.ToUInt64(File.ReadLines("/proc/self/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim(), 16) & 2) != 0;

    /// <summary>Waits for the end of the process and of its output.</summary>
    public async Task<int> ExitAsync(TimeSpan? guard = null)
    {
        using var timeout = new CancellationTokenSource(guard ?? Guard);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
            await Task.WhenAll(Output.Ended, Errors.Ended).WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"The process did not end. stdout: {Output.Text} stderr: {Errors.Text}", e);
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
