namespace Bus.Transport.Connections;

/// <summary>Finds dead peers: a connection that says nothing for an interval is asked, one that does not answer is stale. Single-threaded.</summary>
internal sealed class KeepAlive(int maxPingsOut)
{
    private int _pingsOut;

    /// <summary>Called once an interval.</summary>
    /// <param name="heard">Whether anything at all arrived in the interval: then the peer lives.</param>
    /// <param name="listening">Whether it would have been heard. A reader that waits for credit, for minutes perhaps, hears nothing.</param>
    /// <returns>What to do about the peer now.</returns>
    public KeepAliveAction Tick(bool heard, bool listening)
    {
        if (heard)
        {
            _pingsOut = 0;
            return KeepAliveAction.None;
        }

        // Its silence says nothing, but ours would: it may be listening.
        if (!listening) return KeepAliveAction.Ping;
        return _pingsOut++ >= maxPingsOut ? KeepAliveAction.Close : KeepAliveAction.Ping;
    }
}

/// <summary>What <see cref="KeepAlive"/> asks for.</summary>
internal enum KeepAliveAction
{
    /// <summary>The peer was heard from.</summary>
    None,

    /// <summary>Ask it.</summary>
    Ping,

    /// <summary>It did not answer: it is stale.</summary>
    Close,
}
