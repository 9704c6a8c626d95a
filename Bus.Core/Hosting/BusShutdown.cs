namespace Bus.Core.Hosting;

/// <summary>
/// Stops a bus in three steps: accept nobody, finish and close, stop the actors. Whoever asks for a step gets those before it too, and each runs once:
/// the host and the actor system's coordinated shutdown may both ask. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="stopTimeout">How long the handlers have to finish.</param>
/// <param name="stopAccepting">The first step.</param>
/// <param name="drain">The second; the token cuts the waiting for handlers short.</param>
/// <param name="stop">The third.</param>
internal sealed class BusShutdown(TimeProvider time, TimeSpan stopTimeout, Func<Task> stopAccepting, Func<CancellationToken, Task> drain, Func<Task> stop)
{
    // What the handlers may use of a phase, so that closing the connections behind them fits into it too.
    private const double HandlersShare = 0.6;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _patience = new(Timeout.InfiniteTimeSpan, time);
    private Task? _deafened;
    private Task? _drained;
    private Task? _stopped;

    /// <summary>Somebody has asked for a step.</summary>
    public bool HasBegun => Volatile.Read(ref _deafened) is not null;

    /// <summary>All steps, within the stop timeout.</summary>
    /// <param name="cancellationToken">Cuts the waiting for handlers short; the steps are done the same.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var cut = cancellationToken.UnsafeRegister(static patience => ((CancellationTokenSource)patience!).Cancel(), _patience);
        await StopActorsAsync(stopTimeout);
    }

    /// <summary>Puts each step into the phase of the coordinated shutdown that is made for it.</summary>
    public void JoinIn(CoordinatedShutdown shutdown)
    {
        var patience = Min(stopTimeout, shutdown.Timeout(CoordinatedShutdown.PhaseServiceRequestsDone) * HandlersShare);
        Add(CoordinatedShutdown.PhaseServiceUnbind, "ipcbus-stop-accepting", StopAcceptingAsync);
        Add(CoordinatedShutdown.PhaseServiceRequestsDone, "ipcbus-drain", () => DrainAsync(patience));
        Add(CoordinatedShutdown.PhaseServiceStop, "ipcbus-stop", () => StopActorsAsync(patience));

        void Add(string phase, string name, Func<Task> step) => shutdown.AddTask(phase, name, async () =>
        {
            await step();
            return Done.Instance;
        });
    }

    private Task StopAcceptingAsync()
    {
        lock (_lock) return _deafened ??= stopAccepting();
    }

    private Task DrainAsync(TimeSpan patience)
    {
        lock (_lock) return _drained ??= DrainOnceAsync(patience);
    }

    private Task StopActorsAsync(TimeSpan patience)
    {
        lock (_lock) return _stopped ??= StopOnceAsync(patience);
    }

    private async Task DrainOnceAsync(TimeSpan patience)
    {
        await StopAcceptingAsync();
        // Only from here on: what was asked for first decides how long.
        _patience.CancelAfter(patience);
        await drain(_patience.Token);
        _patience.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    private async Task StopOnceAsync(TimeSpan patience)
    {
        await DrainAsync(patience);
        await stop();
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
