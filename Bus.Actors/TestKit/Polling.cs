#nullable disable

namespace Bus.Actors.TestKit;

/// <summary>Tries again until it holds or the time is over. Waits on the token's handle, so that a cancelled test ends at once.</summary>
internal static class Polling
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(10);

    public static void Assert(Action assertion, TimeSpan max, TimeSpan? interval, CancellationToken cancellationToken)
    {
        var end = TimeFrame.Now + max;
        while (true)
        {
            try
            {
                assertion();
                return;
            }
            catch (Exception) when (TimeFrame.Now < end)
            {
                Pause(interval, cancellationToken);
            }
        }
    }

    public static async Task AssertAsync(Func<Task> assertion, TimeSpan max, TimeSpan? interval, CancellationToken cancellationToken)
    {
        var end = TimeFrame.Now + max;
        while (true)
        {
            try
            {
                await assertion();
                return;
            }
            catch (Exception) when (TimeFrame.Now < end)
            {
                await PauseAsync(interval, cancellationToken);
            }
        }
    }

    public static bool Until(Func<bool> condition, TimeSpan max, TimeSpan? interval, CancellationToken cancellationToken)
    {
        var end = TimeFrame.Now + max;
        while (!condition())
        {
            if (TimeFrame.Now >= end) return false;
            Pause(interval, cancellationToken);
        }

        return true;
    }

    public static async Task<bool> UntilAsync(Func<Task<bool>> condition, TimeSpan max, TimeSpan? interval, CancellationToken cancellationToken)
    {
        var end = TimeFrame.Now + max;
        while (!await condition())
        {
            if (TimeFrame.Now >= end) return false;
            await PauseAsync(interval, cancellationToken);
        }

        return true;
    }

    private static void Pause(TimeSpan? interval, CancellationToken cancellationToken)
    {
        cancellationToken.WaitHandle.WaitOne(interval ?? DefaultInterval);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static Task PauseAsync(TimeSpan? interval, CancellationToken cancellationToken) =>
        Task.Delay(interval ?? DefaultInterval, TimeProvider.System, cancellationToken);
}
