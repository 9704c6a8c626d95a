namespace Bus.Cli.Output;

/// <summary>
/// Sees whether a write to stdout or stderr is stuck: a pipe that nobody reads blocks the thread that writes to it, for ever and whatever is cancelled. Thread-safe.
/// </summary>
internal static class WriteWatch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private static long _begun;
    private static long _ended;

    public static void Begin() => Interlocked.Increment(ref _begun);

    public static void End() => Interlocked.Increment(ref _ended);

    /// <summary>Completes when one write has taken two seconds, and never if none does.</summary>
    public static async Task StuckAsync()
    {
        using var ticks = new PeriodicTimer(Period, TimeProvider.System);
        var seen = (Begun: 0L, Ended: 0L);
        for (var waited = TimeSpan.Zero; waited < Patience; waited += Period)
        {
            await ticks.WaitForNextTickAsync(CancellationToken.None);
            var now = (Begun: Interlocked.Read(ref _begun), Ended: Interlocked.Read(ref _ended));
            // Any that ends is progress: a reader that is only slow gets what is there.
            if (now != seen || now.Begun == now.Ended) waited = TimeSpan.Zero;
            seen = now;
        }
    }
}
