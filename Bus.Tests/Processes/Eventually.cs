namespace Bus.Tests.Processes;

/// <summary>For the few states that nothing signals (memory given back, a counter): looks again and again until they hold.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    public static Task HoldsAsync(Func<bool> condition, Func<string> otherwise) => HoldsAsync(() => Task.FromResult(condition()), otherwise);

    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> otherwise)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        using var timeout = new CancellationTokenSource(Guard);
        try
        {
            while (!await condition()) await timer.WaitForNextTickAsync(timeout.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"Not within {Guard.TotalSeconds} s: {otherwise()}", e);
        }
    }
}
