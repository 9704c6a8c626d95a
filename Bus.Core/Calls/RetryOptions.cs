using Bus.Core.Client;

namespace Bus.Core.Calls;

/// <summary>How a call that failed is made again.</summary>
public sealed record RetryOptions
{
    /// <summary>Calls that are made at most, the first one included. Default: 5.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>About how long is waited before the second call. Each further pause is twice as long. Default: 100 milliseconds.</summary>
    public TimeSpan MinDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause between two calls. Default: 10 seconds.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the pauses vary at random, so that many who failed together do not come back together. Default: true.</summary>
    public bool Jitter { get; init; } = true;

    /// <summary>How long all calls and pauses may take together; then the call under way is cancelled. Default: 1 minute.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Which errors are worth another call. Default: <see cref="IsTransient"/>. A call that the caller has cancelled is never made again.</summary>
    public Func<Exception, bool> ShouldRetry { get; init; } = IsTransient;

    /// <summary>Called before each pause, to log it. It must not throw. Default: nothing.</summary>
    public Action<RetryAttempt>? OnRetry { get; init; }

    /// <summary>The clock of pauses and timeout. Default: that of the system.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Whether an error may pass by itself: no connection, a lost one, a lost responder, a timeout, no room, or an error of the responder with code 429 or from 500 on, but for
    /// 501. Not so when nobody responds, when nobody has the name, when the responder knows no such method or cannot read the request: then somebody has to do something.
    /// </summary>
    /// <param name="error">What the call ended with.</param>
    public static bool IsTransient(Exception error) => error switch
    {
        BusDisconnectedException or ResponderLostException or RequestTimeoutException or BackPressureException => true,
        RemoteErrorException remote => remote.Code == 429 || (remote.Code >= 500 && remote.Code != 501),
        _ => false,
    };

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value makes no sense.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAttempts, 1);
        ArgumentNullException.ThrowIfNull(ShouldRetry);
        ArgumentNullException.ThrowIfNull(Time);
        var day = TimeSpan.FromDays(1);
        if (MinDelay < TimeSpan.Zero || MinDelay > day) throw new ArgumentOutOfRangeException(nameof(MinDelay), MinDelay, "MinDelay has to be at least zero and at most a day.");
        if (MaxDelay < MinDelay || MaxDelay > day) throw new ArgumentOutOfRangeException(nameof(MaxDelay), MaxDelay, $"MaxDelay has to be at least MinDelay ({MinDelay}) and at most a day.");
        if (Timeout < TimeSpan.FromMilliseconds(10) || Timeout > day) throw new ArgumentOutOfRangeException(nameof(Timeout), Timeout, "Timeout has to be at least 10 milliseconds and at most a day.");
    }
}

/// <summary>A call that failed and is about to be made again.</summary>
/// <param name="Attempt">Which call it was: 1 is the first.</param>
/// <param name="Error">How it failed.</param>
/// <param name="Delay">How long is waited now.</param>
public sealed record RetryAttempt(int Attempt, Exception Error, TimeSpan Delay);

/// <summary>A call was not done within its timeout, however often it was made.</summary>
/// <param name="timeout">The timeout of all attempts together.</param>
/// <param name="attempts">Calls that were begun.</param>
/// <param name="last">What the last one that ended by itself failed with.</param>
public sealed class RetryTimeoutException(TimeSpan timeout, int attempts, Exception? last)
    : BusException($"The call was not done within {timeout.TotalSeconds:0.###} s, in {attempts} {(attempts == 1 ? "attempt" : "attempts")}{(last is null ? ": it took too long." : $"; the last error was: {last.Message}")}", (last as BusException)?.Topic, last)
{
    /// <inheritdoc />
    public override string? Error => BusErrors.Timeout;

    /// <summary>Calls that were begun.</summary>
    public int Attempts { get; } = attempts;
}
