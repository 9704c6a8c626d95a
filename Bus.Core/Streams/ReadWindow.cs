using System.Globalization;

namespace Bus.Core.Streams;

/// <summary>The reader's side of <see cref="SendCredit"/>: what it has got, what it has taken of that, and what it allows. Not thread-safe.</summary>
internal sealed class ReadWindow(StreamWindow window)
{
    private long _receivedBytes;
    private long _takenBytes;
    private long _grantedItems;
    private long _grantedBytes;

    /// <summary>Items that have come.</summary>
    public long Received { get; private set; }

    /// <summary>Items that were handed to who reads them.</summary>
    public long Taken { get; private set; }

    /// <summary>
    /// Whether the sender is to be told: half of the window is free that it does not know of. Not for each item, which would double the messages, and not only when it is
    /// empty, for then the sender would stand still meanwhile.
    /// </summary>
    public bool IsDue =>
        Taken + window.Items - _grantedItems >= Math.Max(1, window.Items / 2) || _takenBytes + window.Bytes - _grantedBytes >= Math.Max(1, window.Bytes / 2);

    /// <summary>What the sender is told that it may send in all, from the beginning.</summary>
    public (long Items, long Bytes) Grant() => (_grantedItems = Taken + window.Items, _grantedBytes = _takenBytes + window.Bytes);

    /// <summary>An item has come.</summary>
    /// <returns>Null: it is the next one. Otherwise what is wrong.</returns>
    public string? Receive(long number, long size)
    {
        if (Gap(number) is { } gap) return gap;
        if (Received >= _grantedItems || _receivedBytes >= _grantedBytes)
            return string.Create(CultureInfo.InvariantCulture, $"item {number} came without credit: {_grantedItems} items and {_grantedBytes} bytes were allowed, and {Received} items and {_receivedBytes} bytes had come");
        Received++;
        _receivedBytes += size;
        return null;
    }

    /// <summary>The end has come, which has the number behind that of the last item.</summary>
    /// <returns>Null: nothing is missing. Otherwise what is wrong.</returns>
    public string? End(long number) => Gap(number);

    /// <summary>An item is handed to who reads it.</summary>
    public void Take(long size)
    {
        Taken++;
        _takenBytes += size;
    }

    private string? Gap(long number) => number == Received + 1
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"item {Received + 1} was next, and {number} came: {(number > Received ? "something was lost" : "it came twice")}");
}
