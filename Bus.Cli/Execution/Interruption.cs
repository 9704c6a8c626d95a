using System.Runtime.InteropServices;
using Bus.Cli.Output;

namespace Bus.Cli.Execution;

/// <summary>
/// Turns the first Ctrl-C (SIGINT), SIGTERM or hang-up into a cancelled token, so that a command can end cleanly. Another one, a second later
/// or more, ends the process at once, as it would without us: nobody has to wait for a clean end that hangs.
/// </summary>
internal sealed class Interruption : IDisposable
{
    // One Ctrl-C can come twice: a parent that passes it on (timeout, a shell script), beside the terminal that sends it to the whole group.
    private static readonly TimeSpan SameSignal = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TellLimit = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;
    private long _since;

    public Interruption() =>
        _registrations = [Register(PosixSignal.SIGINT, ExitCode.Interrupted), Register(PosixSignal.SIGTERM, ExitCode.Terminated), Register(PosixSignal.SIGHUP, ExitCode.Terminated)];

    public CancellationToken Token => _source.Token;

    /// <summary>The exit code of work that was cut off.</summary>
    public int CutOff => Volatile.Read(ref _exitCode);

    public bool Requested => CutOff != 0;

    public void Dispose()
    {
        // The second half of a signal must not kill a process that has just come to its clean end.
        if (Requested) return;
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private PosixSignalRegistration Register(PosixSignal signal, int exitCode) => PosixSignalRegistration.Create(signal, context =>
    {
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) != 0)
        {
            context.Cancel = Volatile.Read(ref _since) is var since && (since == 0 || TimeProvider.System.GetElapsedTime(since) < SameSignal);
            return;
        }

        Volatile.Write(ref _since, TimeProvider.System.GetTimestamp());
        context.Cancel = true;
        // Not on this thread: what the token's callbacks do must not delay the next signal.
        _ = Task.Run(_source.CancelAsync);
        _ = EndWhenStuckAsync(exitCode);
    });

    /// <summary>A thread that writes to a pipe that nobody reads hears of no cancellation: then the process ends without it.</summary>
    private static async Task EndWhenStuckAsync(int exitCode)
    {
        await WriteWatch.StuckAsync();
        // Stderr may be what is stuck.
        var telling = Task.Run(() => Console.Error.WriteLine("ipcbus: interrupted; what reads the output takes nothing, so the rest of it is not printed."));
        await Task.WhenAny(telling, Task.Delay(TellLimit, TimeProvider.System, CancellationToken.None));
        Environment.Exit(exitCode);
    }
}
