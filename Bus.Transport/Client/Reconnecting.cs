namespace Bus.Transport.Client;

/// <summary>When to try again: the delay grows as it was chosen, and varies, lest all clients of a bus that starts come at once.</summary>
internal sealed class Reconnecting(BusClientOptions options, TimeProvider time)
{
    private long _number;
    private (long Since, TimeSpan Time)? _comeBack;

    /// <summary>Attempts since the last success.</summary>
    public int Attempts { get; private set; }

    /// <summary>Whether the bus has said that it does not come back.</summary>
    public bool IsOver { get; private set; }

    public long NextNumber() => ++_number;

    public void Succeeded()
    {
        Attempts = 0;
        _comeBack = null;
        IsOver = false;
    }

    /// <summary>The bus has said when it is back: the first attempt is then.</summary>
    /// <param name="comeBack">Null: it has not. Infinite: never.</param>
    public void ComesBack(TimeSpan? comeBack)
    {
        IsOver = comeBack == Timeout.InfiniteTimeSpan;
        _comeBack = comeBack is { } after && !IsOver ? (time.GetTimestamp(), after) : null;
    }

    /// <returns>False when it is time to give up.</returns>
    public bool TryNext(out TimeSpan delay)
    {
        delay = default;
        if (!options.Reconnect) return false;
        if (options.MaxReconnectAttempts is { } maximum && Attempts >= maximum) return false;
        var attempt = Attempts++;
        var factor = options.ReconnectBackoff switch
        {
            ReconnectBackoff.Exponential => Math.Pow(2, Math.Min(attempt, 30)),
            ReconnectBackoff.Linear => attempt + 1d,
            _ => 1,
        };
        var full = Math.Min(options.ReconnectMinDelay.TotalMilliseconds * factor, options.ReconnectMaxDelay.TotalMilliseconds);
        delay = TimeSpan.FromMilliseconds(full * (0.5 + (Random.Shared.NextDouble() / 2)));
        if (_comeBack is { } stop && stop.Time - time.GetElapsedTime(stop.Since) is { Ticks: > 0 } left) delay += left;
        _comeBack = null;
        return true;
    }
}
