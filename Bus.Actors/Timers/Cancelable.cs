#nullable disable
namespace Bus.Actors;

/// <summary>The usual <see cref="ICancelable"/>.</summary>
public sealed class Cancelable : ICancelable, IDisposable
{
    private readonly IActionScheduler _scheduler;
    private CancellationTokenSource _source;
    private ScheduledWork _work;
    private int _cancelled;

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
    }

    /// <inheritdoc/>
    public bool IsCancellationRequested => Volatile.Read(ref _cancelled) != 0;

    /// <inheritdoc/>
    public CancellationToken Token => Source().Token;

    /// <summary>Whether it has been disposed.</summary>
    public bool IsDisposed { get; private set; }

    /// <inheritdoc/>
    public void Cancel() => Cancel(throwOnFirstException: false);

    /// <inheritdoc/>
    public void Cancel(bool throwOnFirstException)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (Interlocked.Exchange(ref _cancelled, 1) != 0) return;
        Volatile.Read(ref _work)?.End();
        Volatile.Read(ref _source)?.Cancel(throwOnFirstException);
    }

    /// <inheritdoc/>
    public void CancelAfter(TimeSpan delay)
    {
        if (delay < TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(delay), delay, "The delay must not be negative.");
        _scheduler.ScheduleOnce(delay, Cancel, this);
    }

    /// <inheritdoc/>
    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

    /// <summary>Releases what it holds and does not call anything off.</summary>
    public void Dispose()
    {
        IsDisposed = true;
        Volatile.Read(ref _source)?.Dispose();
    }

    /// <summary>
    /// Ends this work when it is called off, without a token: most call off one timer and are asked for no token, which would be half of what a timer weighs.
    /// </summary>
    /// <returns>False when there is another already: then it has to be the token.</returns>
    internal bool TryAttach(ScheduledWork work)
    {
        if (Interlocked.CompareExchange(ref _work, work, null) is not null) return false;
        if (IsCancellationRequested) work.End();
        return true;
    }

    /// <summary>The work has ended by itself.</summary>
    internal void Detach(ScheduledWork work) => Interlocked.CompareExchange(ref _work, null, work);

    private CancellationTokenSource Source()
    {
        if (Volatile.Read(ref _source) is { } made) return made;
        var source = new CancellationTokenSource();
        if (Interlocked.CompareExchange(ref _source, source, null) is { } other) return other;
        if (IsCancellationRequested) source.Cancel();
        return source;
    }
}

/// <summary>Calling off what may be null.</summary>
public static class CancelableExtensions
{
    /// <summary>Calls it off if it is not null.</summary>
    /// <param name="cancelable">What to call off, or null.</param>
    public static void CancelIfNotNull(this ICancelable cancelable) => cancelable?.Cancel();
}
