using Bus.Core.Client;

namespace Bus.Core.Endpoint;

/// <summary>How many messages, and how many bytes of them, are kept while there is no connection. Callers and the endpoint count in it. Thread-safe.</summary>
/// <param name="maxMessages">Messages allowed.</param>
/// <param name="maxBytes">Bytes allowed.</param>
/// <param name="refuses">Whether a message beyond that is refused; if not, the endpoint drops one.</param>
internal sealed class OfflineBudget(int maxMessages, long maxBytes, bool refuses)
{
    private readonly Lock _lock = new();
    private long _bytes;
    private int _messages;

    public bool Refuses => refuses;

    public int Messages
    {
        get
        {
            lock (_lock) return _messages;
        }
    }

    /// <summary>More is kept than allowed.</summary>
    public bool IsExceeded
    {
        get
        {
            lock (_lock) return _messages > maxMessages || _bytes > maxBytes;
        }
    }

    public bool TryReserve(long bytes)
    {
        lock (_lock)
        {
            if (_messages >= maxMessages || _bytes + bytes > maxBytes) return false;
            _messages++;
            _bytes += bytes;
            return true;
        }
    }

    /// <summary>Counts without asking: what was on its way when the connection broke.</summary>
    public void Reserve(long bytes)
    {
        lock (_lock)
        {
            _messages++;
            _bytes += bytes;
        }
    }

    public void Release(long bytes)
    {
        lock (_lock)
        {
            _messages--;
            _bytes -= bytes;
        }
    }

    public NotConnectedException Full(string topic) =>
        new($"{Addressee.Of(topic).Message} was not published: the bus is not connected, and what is kept for that time is full (at most {maxMessages:N0} messages and {maxBytes:N0} bytes). Publish again when the bus is connected, raise the limit, or choose to drop messages.", Addressee.Of(topic).Topic);
}
