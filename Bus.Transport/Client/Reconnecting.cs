namespace Bus.Transport.Client;

/// <summary>When to try again: the delay grows as it was chosen, and varies, lest all clients of a bus that starts come at once.</summary>
internal sealed class Reconnecting(BusClientOptions options)
{
    private long _number;

    /// <summary>Attempts since the last success.</summary>
    public int Attempts { get; private set; }

    public long NextNumber() => ++_number;

    public void Succeeded() => Attempts = 0;

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
        return true;
    }
}
