namespace Bus.Transport.Client;

/// <summary>How the wait between two attempts to reconnect grows, from <see cref="BusClientOptions.ReconnectMinDelay"/> to <see cref="BusClientOptions.ReconnectMaxDelay"/>.</summary>
public enum ReconnectBackoff
{
    /// <summary>It doubles with each attempt.</summary>
    Exponential,

    /// <summary>It grows by the first wait with each attempt.</summary>
    Linear,

    /// <summary>It stays the first wait.</summary>
    Fixed,
}
