#nullable disable
namespace Bus.Actors;

/// <summary>The usual <see cref="ICancelable"/>.</summary>
public sealed class Cancelable : ICancelable, IDisposable
{
    private readonly IActionScheduler _scheduler;
    private readonly CancellationTokenSource _source = new();

    /// <summary>One that is called off after a while.</summary>
    /// <param name="scheduler">The clock.</param>
    /// <param name="delay">After how long.</param>
    public Cancelable(IScheduler scheduler, TimeSpan delay)
        : this(scheduler) => CancelAfter(delay);

    /// <summary>One that is called off after a while.</summary>
    /// <param name="scheduler">The clock.</param>
    /// <param name="millisecondsDelay">After how many milliseconds.</param>
    public Cancelable(IScheduler scheduler, int millisecondsDelay)
        : this(scheduler, TimeSpan.FromMilliseconds(millisecondsDelay))
    {
    }

    /// <summary>One that is called off by hand.</summary>
    /// <param name="scheduler">The clock for CancelAfter.</param>
    public Cancelable(IScheduler scheduler)
        : this(scheduler.Advanced)
    {
    }

    /// <summary>One that is called off by hand.</summary>
    /// <param name="scheduler">The clock for CancelAfter.</param>
    public Cancelable(IActionScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        _scheduler = scheduler;
        Token = _source.Token;
    }

    /// <inheritdoc/>
    public bool IsCancellationRequested => Token.IsCancellationRequested;

    /// <inheritdoc/>
    public CancellationToken Token { get; }

    /// <summary>Whether it has been disposed.</summary>
    public bool IsDisposed { get; private set; }

    /// <inheritdoc/>
    public void Cancel() => Cancel(throwOnFirstException: false);

    /// <inheritdoc/>
    public void Cancel(bool throwOnFirstException)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        _source.Cancel(throwOnFirstException);
    }

    /// <inheritdoc/>
    public void CancelAfter(TimeSpan delay)
    {
        if (delay < TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(delay), delay, "The delay must not be negative.");
        _scheduler.ScheduleOnce(delay, () => _source.Cancel(), this);
    }

    /// <inheritdoc/>
    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

    /// <summary>Releases what it holds and does not call anything off.</summary>
    public void Dispose()
    {
        IsDisposed = true;
        _source.Dispose();
    }
}

/// <summary>Calling off what may be null.</summary>
public static class CancelableExtensions
{
    /// <summary>Calls it off if it is not null.</summary>
    /// <param name="cancelable">What to call off, or null.</param>
    public static void CancelIfNotNull(this ICancelable cancelable) => cancelable?.Cancel();
}
