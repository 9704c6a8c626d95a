namespace Bus.Core.Streams;

/// <summary>
/// What the reader of a stream has allowed its sender. Credit is given as totals since the beginning, so that one that comes twice, late or not at all does no harm once
/// a later one has come. Not thread-safe.
/// </summary>
internal sealed class SendCredit
{
    private long _items;
    private long _bytes;
    private long _sentBytes;

    /// <summary>Items sent so far.</summary>
    public long Sent { get; private set; }

    /// <summary>
    /// Whether an item may be sent. It may be larger than the bytes that are left, for its size is not known before; otherwise one that is larger than the window could never be sent.
    /// </summary>
    public bool IsGranted => Sent < _items && _sentBytes < _bytes;

    /// <summary>The reader allows so much in all.</summary>
    public void Grant(long items, long bytes) => (_items, _bytes) = (Math.Max(_items, items), Math.Max(_bytes, bytes));

    /// <summary>An item is sent.</summary>
    /// <returns>Its number, from 1.</returns>
    public long Take(long size)
    {
        if (!IsGranted) throw new InvalidOperationException($"Item {Sent + 1} was to be sent, and the reader has allowed {_items} items and {_bytes} bytes, of which {_sentBytes} are used.");
        _sentBytes += size;
        return ++Sent;
    }
}
