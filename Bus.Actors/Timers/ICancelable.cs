#nullable disable
namespace Bus.Actors;

/// <summary>Something that can be called off. Thread-safe.</summary>
public interface ICancelable
{
    /// <summary>Whether it has been called off.</summary>
    bool IsCancellationRequested { get; }

    /// <summary>A token that says the same.</summary>
    CancellationToken Token { get; }

    /// <summary>Calls it off.</summary>
    void Cancel();

    /// <summary>Calls it off later.</summary>
    /// <param name="delay">After how long.</param>
    void CancelAfter(TimeSpan delay);

    /// <summary>Calls it off later.</summary>
    /// <param name="millisecondsDelay">After how many milliseconds.</param>
    void CancelAfter(int millisecondsDelay);

    /// <summary>Calls it off.</summary>
    /// <param name="throwOnFirstException">Whether the first exception of a callback ends it.</param>
    void Cancel(bool throwOnFirstException);
}
