using System.Runtime.InteropServices;

namespace Bus.Cli.Execution;

/// <summary>
/// Turns the first Ctrl-C (SIGINT), SIGTERM or hang-up into a cancelled token, so that a command can end cleanly. A second one
/// ends the process at once, as it would without us: nobody has to wait for a clean end that hangs.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;

    public Interruption() =>
        _registrations = [Register(PosixSignal.SIGINT, ExitCode.Interrupted), Register(PosixSignal.SIGTERM, ExitCode.Terminated), Register(PosixSignal.SIGHUP, ExitCode.Terminated)];

    public CancellationToken Token => _source.Token;

    /// <summary>The exit code of work that was cut off.</summary>
    public int CutOff => Volatile.Read(ref _exitCode);

    public bool Requested => CutOff != 0;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private PosixSignalRegistration Register(PosixSignal signal, int exitCode) => PosixSignalRegistration.Create(signal, context =>
    {
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) != 0) return;
        context.Cancel = true;
        // Not on this thread: what the token's callbacks do must not delay the next signal.
        _ = Task.Run(_source.CancelAsync);
    });
}
