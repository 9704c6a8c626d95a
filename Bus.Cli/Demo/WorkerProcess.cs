using System.Diagnostics;
using System.Threading.Channels;
using Bus.Cli.Demo.Workers;
using Bus.Cli.Execution;

namespace Bus.Cli.Demo;

/// <summary>A child process of the demo: this program again, with other arguments. Disposing it kills it.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _errors = [];
    private readonly Task _reading;
    private bool _endIsWanted;

    private WorkerProcess(string name, Process process)
    {
        Name = name;
        _process = process;
        _reading = Task.WhenAll(ReadOutputAsync(), ReadErrorsAsync());
    }

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>Called for every <see cref="WorkerEvent.Progress"/>.</summary>
    public Action<WorkerEvent> OnProgress { get; init; } = _ => { };

    public static WorkerProcess Start(string name, IEnumerable<string> arguments, Action<WorkerEvent>? onProgress = null)
    {
        var self = Environment.ProcessPath ?? throw new FailureException("this process does not know its own program file, so it cannot start others.");
        // Started as 'dotnet ipcbus.dll', the program is dotnet and the first argument is us.
        var viaDotnet = string.Equals(Path.GetFileNameWithoutExtension(self), "dotnet", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(self, viaDotnet ? [Path.Combine(AppContext.BaseDirectory, "ipcbus.dll"), .. arguments] : arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start) ?? throw new FailureException($"{self} could not be started.");
        return new WorkerProcess(name, process) { OnProgress = onProgress ?? (_ => { }) };
    }

    /// <summary>Waits for a line that begins like this.</summary>
    /// <exception cref="FailureException">The process ended before.</exception>
    public async Task<string> ExpectLineAsync(string beginning, CancellationToken cancellationToken)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal)) return line;
        }

        throw await UnexpectedEndAsync();
    }

    /// <summary>Waits for an event.</summary>
    /// <exception cref="FailureException">The process ended before.</exception>
    public async Task<WorkerEvent> ExpectAsync(string wanted, CancellationToken cancellationToken)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
        {
            if (WorkerEvent.Parse(line) is { } told && told.Event == wanted) return told;
        }

        throw await UnexpectedEndAsync();
    }

    public async Task TellAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>SIGKILL: the process gets no chance to say goodbye.</summary>
    public void Kill()
    {
        _endIsWanted = true;
        _process.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_endIsWanted && !_process.HasExited) Kill();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("{\"Event\":\"progress\"", StringComparison.Ordinal)) OnProgress(WorkerEvent.Parse(line)!);
            else _lines.Writer.TryWrite(line);
        }

        _lines.Writer.Complete();
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line) _errors.Add(line);
    }

    private async Task<FailureException> UnexpectedEndAsync()
    {
        await _process.WaitForExitAsync();
        await _reading;
        return new FailureException($"the {Name} process ended with code {_process.ExitCode}: {(_errors.Count > 0 ? string.Join(Environment.NewLine, _errors.TakeLast(10)) : "it said nothing")}");
    }
}
